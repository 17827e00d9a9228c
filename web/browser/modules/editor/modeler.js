import Modeler from "bpmn-js/lib/Modeler";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from "bpmn-js-properties-panel";
import ZeebeBehaviorsModule from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import { describe } from "../diagram/viewer.js";

/**
 * The stock editor with its stock panel for the extension elements that our diagrams carry.
 *
 * @param {HTMLElement} canvas
 * @param {HTMLElement} panel
 * @param {string} label
 * @param {Record<string, string>} words translations of the editor's own English words
 */
export function makeModeler(canvas, panel, label, words) {
  const translate = (template, values = {}) =>
    (words[template] ?? template).replace(/{([^}]+)}/g, (_, name) => values[name] ?? `{${name}}`);
  const modeler = new Modeler({
    container: canvas,
    propertiesPanel: { parent: panel },
    moddleExtensions: { zeebe },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviorsModule,
      { translate: ["value", translate] },
    ],
  });
  describe(canvas, label);
  return modeler;
}
