// Buttons to come nearer, step back and see the whole drawing: for who has no wheel or pinch.
const BUTTONS = [
  ["Inzoomen", "+", (canvas) => canvas.zoom(canvas.zoom() * 1.25)],
  ["Uitzoomen", "−", (canvas) => canvas.zoom(canvas.zoom() / 1.25)],
  ["Hele schema", "Hele schema", null],
];

export function zoomButtons(holder, canvas, fitAll) {
  const bar = document.createElement("div");
  bar.className = "s-zoom";
  for (const [name, sign, action] of BUTTONS) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign, title: name });
    if (sign !== name) button.setAttribute("aria-label", name);
    button.addEventListener("click", () => (action ? action(canvas) : fitAll()));
    bar.append(button);
  }
  holder.append(bar);
}
