/**
 * What programs are run with to compare their outputs: on this machine and on Tessera with what the same source says on
 * Node. Paths begin at the root that the build makes, which is also the working directory.
 */
export interface ProgramCase {
  program: string;
  args: string[];
  /** What is typed. */
  input?: string;
  /** Something that the output has, so that two wrong outputs that are alike do not pass. */
  has: string;
}

const LISP = `(define (fact n) (if (< n 2) 1 (* n (fact (- n 1)))))
(fact 10)
(define (loop n sum) (if (= n 0) sum (loop (- n 1) (+ sum n))))
(loop 5000 0)
'(a "b" (1 2.5) #t)
(let ((x 2)
      (y 3))
  (* x y))
(cond ((= 1 2) 'no) (else 'yes))
(append '(1 2) '(3) '())
(equal? '(1 (2 a)) (list 1 '(2 a)))
(reverse '(1 2 3))
(or #f (and 1 2) (car '()))
(display "text" 1 '(2 "3"))
(car '())
(undefined 1)
((lambda (x) x) 1 2)
(1 2)
)
fact
car
`;

const TSH = `# a comment
echo  several   "words  kept" 'as they' are
nothing
./share
cat share/welcome.txt missing
cat share
ls share
ls missing
ls a b
fault
fault nothing
maps me
translate
translate 12345678901234567
run
echo 'open
`;

export const CASES: ProgramCase[] = [
  { program: "hello", args: [], has: "Hello, world!" },
  { program: "hello", args: ["Grüße", "λ 😀"], has: "Grüße and λ 😀!" },
  { program: "mandelbrot", args: [], has: "@" },
  { program: "mandelbrot", args: ["2", "1"], has: "usage" },
  { program: "life", args: ["0", "glider"], has: "█" },
  { program: "life", args: ["30", "gun"], has: "generation 30, " },
  { program: "life", args: ["5", "nothing"], has: "patterns are" },
  { program: "maze", args: [], has: "·█" },
  { program: "maze", args: ["5", "9", "4000000000"], has: " steps" },
  { program: "maze", args: ["1000"], has: "usage" },
  { program: "nbody", args: ["1000"], has: "Neptune" },
  { program: "sudoku", args: [], has: "217 tries" },
  { program: "sudoku", args: ["1".repeat(81)], has: "usage" },
  { program: "json", args: ["share/sample.json"], has: '  "kernel": "Tessera"' },
  { program: "json", args: ["-c", "share/sample.json"], has: '{"kernel":"Tessera",' },
  { program: "json", args: [], input: '[1,\n {"a": 2 3}]', has: "line 2, column 10: expected , or }" },
  { program: "json", args: [], input: '"\\u00zz"', has: "expected a hexadecimal digit" },
  { program: "json", args: ["missing"], has: "no such file or directory" },
  { program: "wc", args: ["share/sample.json", "share/queens.lisp", "missing"], has: "total" },
  { program: "wc", args: [], input: "zwei Wörter\nλ", has: "2  3" },
  { program: "grep", args: ["-n", "quee[nm]s*"], input: "queens\nking\nqueeeen\nqueem\n", has: "4:queem" },
  { program: "grep", args: ["^ *(d[^e-g]*y", "share/queens.lisp", "share/welcome.txt"], has: "lisp:" },
  { program: "grep", args: ["-v", "^ ", "share/welcome.txt"], has: "Each program" },
  { program: "grep", args: ["a**"], input: "", has: "no such pattern" },
  { program: "lisp", args: ["share/queens.lisp"], has: "5 queens: 10" },
  { program: "lisp", args: [], input: LISP, has: "3628800" },
  { program: "tsh", args: [], input: TSH, has: "several words  kept as they are" },
];
