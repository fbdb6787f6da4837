; Ends with 3.

%include "program.inc"

program:
    EXIT 3
