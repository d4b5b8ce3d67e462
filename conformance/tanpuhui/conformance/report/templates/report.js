"use strict";
const root = document.documentElement;
const all = (query, within = document) => [...within.querySelectorAll(query)];
const search = document.getElementById("search");
const topic = document.getElementById("topic");
const shown = document.getElementById("shown");
const rows = all("details.req").map((row) => ({ row, text: row.textContent.toLowerCase() }));
let verdict = "";

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { row, text } of rows) {
    const fits = (!verdict || row.dataset.outcome === verdict) && (!topic.value || row.dataset.topic === topic.value)
      && words.every((word) => text.includes(word));
    row.hidden = !fits;
    count += fits;
  }
  for (const clause of all(".clause")) clause.hidden = !clause.querySelector("details.req:not([hidden])");
  shown.value = `${count} / ${rows.length}`;
}

function choose(button) {
  verdict = button.dataset.outcome;
  for (const other of all(".filters button")) other.setAttribute("aria-pressed", String(other === button));
  filter();
}

function speak(language) {
  root.lang = language;
  search.placeholder = language === "en" ? search.dataset.en : search.dataset.zh;
  for (const option of all("option[data-zh]")) option.textContent = language === "en" ? option.dataset.en : option.dataset.zh;
}

function reveal() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.matches("details.req")) {
    if (target.hidden) { search.value = ""; topic.value = ""; choose(document.getElementById("every")); }
    target.open = true;
    target.scrollIntoView();
  }
}

async function copy(button) {
  const text = button.parentElement.querySelector("code").textContent;
  await navigator.clipboard.writeText(text);
  button.textContent = "✔";
}

search.addEventListener("input", filter);
topic.addEventListener("change", filter);
for (const button of all(".filters button")) button.addEventListener("click", () => choose(button));
for (const button of all("pre button")) button.addEventListener("click", () => copy(button));
document.getElementById("language").addEventListener("click", () => speak(root.lang === "en" ? "zh-CN" : "en"));
addEventListener("hashchange", reveal);
addEventListener("beforeprint", () => rows.forEach(({ row }) => { row.open = row.dataset.outcome !== "pass"; }));
filter();
reveal();
