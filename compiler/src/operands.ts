// The direct operands of expressions, for passes that walk or rebuild the tree.

import type { Expression, MessagePartExpression } from "./ir";

type Change = (operand: Expression) => Expression;

/** The expression with each operand replaced; an expression without operands as it is. */
export function mapOperands(expression: Expression, change: Change): Expression {
  switch (expression.kind) {
    case "constant":
    case "text":
    case "local":
    case "global":
    case "null":
    case "function":
    case "symbolAddress":
      return expression;
    case "negate":
    case "complement":
    case "not":
    case "convert":
    case "addressOf":
    case "wrap":
    case "unwrap":
    case "isNull":
    case "enumName":
      return { ...expression, operand: change(expression.operand) };
    case "arithmetic":
    case "divide":
    case "shift":
    case "compare":
    case "logical":
      return { ...expression, left: change(expression.left), right: change(expression.right) };
    default:
      return mapOthers(expression, change);
  }
}

function mapOthers(expression: Expression, change: Change): Expression {
  switch (expression.kind) {
    case "field":
      return { ...expression, object: change(expression.object) };
    case "index":
      return { ...expression, base: change(expression.base), index: change(expression.index) };
    case "length":
      return { ...expression, slice: change(expression.slice) };
    case "conditional":
      return {
        ...expression,
        condition: change(expression.condition),
        whenTrue: change(expression.whenTrue),
        whenFalse: change(expression.whenFalse),
      };
    case "sequence": {
      const temporaries = expression.temporaries.map(([local, value]) => [local, change(value)] as const);
      return { ...expression, temporaries, result: change(expression.result) };
    }
    default:
      return mapMemory(expression, change);
  }
}

function mapMemory(expression: Expression, change: Change): Expression {
  switch (expression.kind) {
    case "call": {
      const { target } = expression;
      return { ...expression, target: "kind" in target ? change(target) : target, args: expression.args.map(change) };
    }
    case "intrinsic":
      return { ...expression, args: expression.args.map(change) };
    case "overlay":
      return { ...expression, address: change(expression.address) };
    case "copy":
      return { ...expression, target: change(expression.target), source: change(expression.source) };
    case "zero":
      return { ...expression, target: change(expression.target) };
    case "makeSlice":
      return { ...expression, elements: change(expression.elements), length: change(expression.length) };
    case "subslice":
      return {
        ...expression,
        slice: change(expression.slice),
        start: change(expression.start),
        end: change(expression.end),
      };
    case "message":
      return { ...expression, parts: expression.parts.map((part) => mapPart(part, change)) };
    default:
      throw new Error(`no operands are known of: ${expression.kind}`);
  }
}

function mapPart(part: MessagePartExpression, change: Change): MessagePartExpression {
  const { text, value } = part;
  return { ...part, ...(text && { text: change(text) }), ...(value && { value: change(value) }) };
}

/** In the order in which they are written. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "constant":
    case "text":
    case "local":
    case "global":
    case "null":
    case "function":
    case "symbolAddress":
      return NONE;
    case "negate":
    case "complement":
    case "not":
    case "convert":
    case "addressOf":
    case "wrap":
    case "unwrap":
    case "isNull":
    case "enumName":
      return [expression.operand];
    case "arithmetic":
    case "divide":
    case "shift":
    case "compare":
    case "logical":
      return [expression.left, expression.right];
    case "field":
      return [expression.object];
    default:
      return collected(expression);
  }
}

const NONE: readonly Expression[] = [];

function collected(expression: Expression): Expression[] {
  const operands: Expression[] = [];
  mapOperands(expression, (operand) => {
    operands.push(operand);
    return operand;
  });
  return operands;
}
