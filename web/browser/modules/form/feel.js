/**
 * Evaluates the part of FEEL that `forms/feel_tree.py` describes. Values are plain JSON; null is
 * also what cannot be said, as in FEEL.
 * @module
 */

/**
 * @param {Array} tree what the server compiled
 * @param {Object<string, *>} values by name; a name that is not there is null
 * @returns {*}
 */
export function evaluate(tree, values) {
  const [kind, ...parts] = tree;
  const value = (part) => evaluate(part, values);
  switch (kind) {
    case "value":
      return parts[0];
    case "name":
      return values[parts[0]] ?? null;
    case "list":
      return parts.map(value);
    case "=":
      return equals(value(parts[0]), value(parts[1]));
    case "!=":
      return not(equals(value(parts[0]), value(parts[1])));
    case "and":
      return junction(parts, value, false);
    case "or":
      return junction(parts, value, true);
    case "between":
      return between(value(parts[0]), value(parts[1]), value(parts[2]));
    case "in":
      return isIn(value(parts[0]), parts.slice(1), value);
    case "if":
      return value(parts[0]) === true ? value(parts[1]) : value(parts[2]);
    case "call":
      return FUNCTIONS[parts[0]](...parts.slice(1).map(value));
    default:
      return ORDERS[kind](order(value(parts[0]), value(parts[1])));
  }
}

const ORDERS = {
  "<": (sign) => (sign === null ? null : sign < 0),
  "<=": (sign) => (sign === null ? null : sign <= 0),
  ">": (sign) => (sign === null ? null : sign > 0),
  ">=": (sign) => (sign === null ? null : sign >= 0),
};

const FUNCTIONS = {
  not: (one) => not(single(one, "boolean")),
  count: (list) => (list === null ? null : asList(list).length),
  "list contains": (list, element) =>
    list === null ? null : asList(list).some((one) => equals(one, element) === true),
  contains: onTexts((text, part) => text.includes(part)),
  "starts with": onTexts((text, part) => text.startsWith(part)),
  "ends with": onTexts((text, part) => text.endsWith(part)),
  "string length": onTexts((text) => [...text].length),
};

function kindOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

/** True, false, or null when the two are of different kinds; null equals only null. */
function equals(left, right) {
  const kind = kindOf(left);
  if (kind !== kindOf(right)) return left === null || right === null ? false : null;
  if (kind !== "list") return left === right;
  return left.length === right.length && left.every((one, i) => equals(one, right[i]) === true);
}

/** -1, 0 or 1; null when the two have no order. Texts are compared by their characters' codes. */
function order(left, right) {
  const kind = kindOf(left);
  if (kind !== kindOf(right)) return null;
  if (kind === "number") return Math.sign(left - right);
  return kind === "string" ? orderOfTexts([...left], [...right]) : null;
}

function orderOfTexts(left, right) {
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const sign = Math.sign(left[i].codePointAt(0) - right[i].codePointAt(0));
    if (sign !== 0) return sign;
  }
  return Math.sign(left.length - right.length);
}

function not(value) {
  return typeof value === "boolean" ? !value : null;
}

function junction(operands, value, decisive) {
  let result = !decisive;
  for (const operand of operands) {
    const found = value(operand);
    if (found === decisive) return decisive;
    if (found !== !decisive) result = null;
  }
  return result;
}

function between(value, low, high) {
  const above = order(value, low);
  const below = order(value, high);
  return above === null || below === null ? null : above >= 0 && below <= 0;
}

function isIn(value, tests, evaluated) {
  const results = tests.map((test) => meets(value, test, evaluated));
  if (results.includes(true)) return true;
  return results.length === 1 ? results[0] : false;
}

function meets(value, test, evaluated) {
  const [kind, ...parts] = test;
  if (kind === "unary") {
    const point = evaluated(parts[1]);
    return point === null ? true : ORDERS[parts[0]](order(value, point));
  }
  if (kind === "range") return inRange(value, evaluated(parts[0]), evaluated(parts[1]), parts);
  const found = evaluated(test);
  if (!Array.isArray(found)) return equals(value, found);
  return equals(value, found) === true || found.some((one) => matches(value, one));
}

function inRange(value, low, high, [, , lowIncluded, highIncluded]) {
  // ends of different kinds make no range, and no range is null
  if (low !== null && high !== null && order(low, high) === null) return equals(value, null);
  const above = order(value, low);
  const below = order(high, value);
  if (above === null || below === null) return null;
  return (above > 0 || (lowIncluded && above === 0)) && (below > 0 || (highIncluded && below === 0));
}

function matches(value, element) {
  if (Array.isArray(element) && !Array.isArray(value)) {
    return element.some((one) => matches(value, one));
  }
  return equals(value, element) === true;
}

function asList(value) {
  return Array.isArray(value) ? value : [value];
}

/** The value, or the only one in a list, if it is of this type; else null. */
function single(value, type) {
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof one === type ? one : null;
}

function onTexts(work) {
  return (...given) => {
    const texts = given.map((one) => single(one, "string"));
    return texts.includes(null) ? null : work(...texts);
  };
}
