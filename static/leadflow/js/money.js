// Dots between the thousands while an amount is typed; "1,5 tỷ" stays as it is.
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-money]") || !/^[\d.\s]*$/.test(box.value)) return;
  const fromEnd = box.value.length - box.selectionStart;
  box.value = box.value.replace(/\D/g, "").replace(/\B(?=(\d{3})+$)/g, ".");
  const at = Math.max(0, box.value.length - fromEnd);
  box.setSelectionRange(at, at);
});
