import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

/**
 * Every deadline that a diagram sets, and how to change it.
 *
 * @typedef {"due" | "interrupts" | "reminds" | "waits" | "begins"} Role what happens at the moment
 * @typedef {{id: string, name: string, role: Role, property: string, text: string}} Deadline
 */

const TIMES = ["timeDuration", "timeDate", "timeCycle"];

/**
 * The deadlines of the open diagram, from left to right as drawn.
 *
 * @param {any} modeler
 * @returns {Deadline[]}
 */
export function deadlinesOf(modeler) {
  const shapes = modeler
    .get("elementRegistry")
    .filter((one) => !one.labelTarget && !one.waypoints && one.type !== "bpmn:Process");
  return shapes
    .sort((one, other) => one.x - other.x || one.y - other.y)
    .flatMap((shape) => [...ofTimer(shape), ...ofSchedule(shape)]);
}

/**
 * Writes a deadline's new text into the diagram; one step back undoes it.
 *
 * @param {any} modeler
 * @param {Deadline} deadline
 * @param {string} text
 */
export function writeDeadline(modeler, deadline, text) {
  const shape = modeler.get("elementRegistry").get(deadline.id);
  if (!shape) return;
  const definition = timerOf(shape);
  const holder =
    deadline.property === "dueDate" ? scheduleOf(shape) : definition?.get(deadline.property);
  const values = deadline.property === "dueDate" ? { dueDate: text } : { body: text };
  if (holder) modeler.get("modeling").updateModdleProperties(shape, holder, values);
}

function ofTimer(shape) {
  const definition = timerOf(shape);
  if (!definition) return [];
  return TIMES.filter((property) => definition.get(property)).map((property) => ({
    id: shape.id,
    name: nameOf(shape),
    role: roleOf(shape),
    property,
    text: definition.get(property).get("body") ?? "",
  }));
}

function ofSchedule(shape) {
  const text = scheduleOf(shape)?.get("dueDate");
  if (!text) return [];
  return [{ id: shape.id, name: nameOf(shape), role: "due", property: "dueDate", text }];
}

function timerOf(shape) {
  const definitions = getBusinessObject(shape).get("eventDefinitions") ?? [];
  return definitions.find((one) => is(one, "bpmn:TimerEventDefinition"));
}

function scheduleOf(shape) {
  const extensions = getBusinessObject(shape).get("extensionElements")?.get("values") ?? [];
  return extensions.find((one) => is(one, "zeebe:TaskSchedule"));
}

function roleOf(shape) {
  if (is(shape, "bpmn:BoundaryEvent")) {
    return getBusinessObject(shape).get("cancelActivity") ? "interrupts" : "reminds";
  }
  return is(shape, "bpmn:StartEvent") ? "begins" : "waits";
}

function nameOf(shape) {
  const element = getBusinessObject(shape);
  const host = element.get("attachedToRef");
  const name = oneLine(element.get("name") || element.id);
  return host ? `${name} (${oneLine(host.get("name") || host.id)})` : name;
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}
