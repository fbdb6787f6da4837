; How many ways there are to put n queens on a board of n by n squares so that none attacks another.

(define (safe? queen queens distance)
  (or (null? queens)
      (and (not (= queen (car queens)))
           (not (= (- queen (car queens)) distance))
           (not (= (- (car queens) queen) distance))
           (safe? queen (cdr queens) (+ distance 1)))))

(define (place queen size queens)
  (if (> queen size)
      0
      (+ (if (safe? queen queens 1) (ways size (cons queen queens)) 0)
         (place (+ queen 1) size queens))))

(define (ways size queens)
  (if (= (length queens) size) 1 (place 1 size queens)))

(define (table size last)
  (if (<= size last)
      (begin
        (display size "queens:" (ways size '()))
        (newline)
        (table (+ size 1) last))))

(table 1 5)
