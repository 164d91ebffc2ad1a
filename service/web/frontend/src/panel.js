// The properties panel, reduced to what the engine runs, with a list of the package's own forms instead of a typed id.
import { SelectEntry } from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";

const NOT_RUN = new Set([
  "userTaskImplementation",
  "adHocSubProcessImplementation",
  "activeElements",
  "Zeebe__ExecutionListeners",
  "Zeebe__TaskListeners",
  "event-condition",
]);
const FORM = "zeebe:FormDefinition";
const LATE = 300; // below every other provider, so that we see what they made

const extensionOf = (element) => element.businessObject.get("extensionElements");
const formOf = (element) => extensionOf(element)?.get("values").find((value) => value.$type === FORM);

function chooseForm(element, formId, bpmnFactory, modeling) {
  const businessObject = element.businessObject;
  const present = extensionOf(element);
  const extension = present ?? Object.assign(bpmnFactory.create("bpmn:ExtensionElements", { values: [] }), { $parent: businessObject });
  const values = extension.get("values").filter((value) => value.$type !== FORM);
  if (formId) values.push(Object.assign(bpmnFactory.create(FORM, { formId }), { $parent: extension }));
  if (present) modeling.updateModdleProperties(element, extension, { values });
  else modeling.updateProperties(element, { extensionElements: Object.assign(extension, { values }) });
}

function formPicker(forms) {
  return function FormPicker({ element, id }) {
    const translate = useService("translate");
    const bpmnFactory = useService("bpmnFactory");
    const modeling = useService("modeling");
    const getValue = () => formOf(element)?.get("formId") ?? "";
    return SelectEntry({
      element,
      id,
      label: translate("Form"),
      getValue,
      setValue: (formId) => chooseForm(element, formId, bpmnFactory, modeling),
      getOptions: () => ["", ...new Set([...forms, getValue()].filter(Boolean))].map((value) => ({ value, label: value || translate("<none>") })),
    });
  };
}

class OwnGroups {
  constructor(propertiesPanel, translate, forms) {
    this.translate = translate;
    this.picker = formPicker(forms);
    propertiesPanel.registerProvider(LATE, this);
  }

  getGroups(element) {
    return (groups) => groups.filter((group) => !NOT_RUN.has(group.id)).map((group) => this.withPicker(group, element));
  }

  withPicker(group, element) {
    if (group.id !== "form") return group;
    return { ...group, entries: [{ id: "formId", component: this.picker, isEdited: () => Boolean(formOf(element)) }] };
  }
}

export const ownGroups = (forms) => ({
  __init__: ["sluitendGroups"],
  sluitendGroups: ["type", Object.assign(OwnGroups, { $inject: ["propertiesPanel", "translate", "sluitendForms"] })],
  sluitendForms: ["value", forms],
});
