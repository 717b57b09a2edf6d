"use strict";
const form = document.querySelector(".filter");
const rows = [...document.querySelectorAll("#requirements tbody tr")];
function filter() {
  const words = form.querySelector("input[type=search]").value.toLowerCase().split(/\s+/);
  const wanted = new Set([...form.querySelectorAll(":checked")].map((box) => box.value));
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !wanted.has(row.dataset.verdict) || !words.every((word) => text.includes(word));
  }
  form.querySelector("output").value = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
}
function show() {
  const goal = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let node = goal; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  if (goal) goal.scrollIntoView();
}
form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", show);
filter();
if (location.hash) show();
