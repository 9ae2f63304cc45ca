// --- charts: the numbers of the bar that is pointed at or has the focus

for (const mark of all(".mark")) {
  const spoken = mark.closest("figure").querySelector(".spoken");
  const tell = () => { spoken.textContent = mark.dataset.words; };
  mark.addEventListener("pointerenter", tell);
  mark.addEventListener("focus", tell);
  mark.addEventListener("click", tell);
}
