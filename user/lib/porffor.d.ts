/**
 * What Porffor adds to the language: inline C.
 *
 * Inside of a function the text becomes statements that see its variables and parameters by their names; at the top of
 * a module it becomes declarations of the whole program. A variable is an f64 where Porffor knows that it is always a
 * number, else a jsval.
 */
declare const Porffor: {
  c(text: TemplateStringsArray): void;
};
