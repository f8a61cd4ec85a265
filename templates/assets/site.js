// What the pages can do beyond reading: find in a table, find the day on which somebody joined, compare two versions.
// Every page works without it. It sends nothing and keeps nothing; it asks this site alone, for the versions as data.
(function () {
  "use strict";

  function find(field) {
    var rows = Array.from(document.querySelectorAll(field.dataset.filters + " tbody tr"));
    var status = document.getElementById("q-status");
    function apply() {
      var words = field.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) { return text.includes(word); });
        shown += row.hidden ? 0 : 1;
      });
      status.textContent = words.length ? shown + " of " + rows.length : "";
    }
    field.addEventListener("input", apply);
    apply();
  }

  function joined(field) {
    var rows = Array.from(document.querySelectorAll(field.dataset.days + " tbody tr"));
    var answer = document.getElementById("day-answer");
    field.addEventListener("input", function () {
      var row = rows.find(function (each) { return each.dataset.from <= field.value; });
      rows.forEach(function (each) { each.classList.toggle("chosen", each === row && Boolean(field.value)); });
      answer.replaceChildren();
      if (!field.value) { return; }
      if (!row) { answer.textContent = "No text is on record for that day."; return; }
      Array.from(row.lastElementChild.firstElementChild.childNodes).forEach(function (each) {
        answer.appendChild(each.cloneNode(true));
      });
    });
  }

  // The shortest way from one list of words to the other (Myers); beyond `most` steps the rest counts as replaced.
  function difference(a, b, most) {
    var head = 0, tail = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) { head += 1; }
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) { tail += 1; }
    var x = a.slice(head, a.length - tail), y = b.slice(head, b.length - tail);
    return [["keep", a.slice(0, head)]].concat(middle(x, y, most), [["keep", a.slice(a.length - tail)]]);
  }

  function middle(x, y, most) {
    var trace = [], reach = { 1: 0 };
    for (var d = 0; d <= Math.min(most, x.length + y.length); d += 1) {
      trace.push(Object.assign({}, reach));
      for (var k = -d; k <= d; k += 2) {
        var down = k === -d || (k !== d && (reach[k - 1] || 0) < (reach[k + 1] || 0));
        var i = down ? reach[k + 1] || 0 : (reach[k - 1] || 0) + 1, j = i - k;
        while (i < x.length && j < y.length && x[i] === y[j]) { i += 1; j += 1; }
        reach[k] = i;
        if (i >= x.length && j >= y.length) { return back(x, y, trace); }
      }
    }
    return [["delete", x], ["insert", y]];
  }

  function back(x, y, trace) {
    var found = [], i = x.length, j = y.length;
    for (var d = trace.length - 1; d > 0; d -= 1) {
      var reach = trace[d], k = i - j;
      var down = k === -d || (k !== d && (reach[k - 1] || 0) < (reach[k + 1] || 0));
      var from = down ? k + 1 : k - 1, pi = reach[from] || 0, pj = pi - from;
      while (i > pi && j > pj) { i -= 1; j -= 1; found.unshift(["keep", [x[i]]]); }
      if (down) { j -= 1; found.unshift(["insert", [y[j]]]); } else { i -= 1; found.unshift(["delete", [x[i]]]); }
    }
    while (i > 0) { i -= 1; found.unshift(["keep", [x[i]]]); }
    return found;
  }

  function words(text) {
    var plain = text.replace(/\[([^\]\n]*)\]\(([^)\s]*)\)/g, "$1 ($2)").replace(/\*\*|__|^#{1,6} |`/gm, "");
    return plain.match(/\S+\s*|\s+/g) || [];
  }

  function element(name, content, hidden) {
    var made = document.createElement(name);
    if (hidden) {
      var before = document.createElement("span"), after = before.cloneNode();
      before.className = after.className = "vh";
      before.textContent = "[" + hidden + ": ";
      after.textContent = "]";
      made.append(before, content, after);
    } else { made.textContent = content; }
    return made;
  }

  function redline(old, text) {
    var box = element("div", "");
    box.className = "redline";
    var runs = [], marks = { insert: ["ins", "added"], "delete": ["del", "removed"] };
    difference(words(old), words(text), 1500).forEach(function (each) {
      var last = runs[runs.length - 1];
      if (last && last[0] === each[0]) { last[1] += each[1].join(""); } else if (each[1].length) { runs.push([each[0], each[1].join("")]); }
    });
    runs.forEach(function (each) {
      box.append(marks[each[0]] ? element(marks[each[0]][0], each[1], marks[each[0]][1]) : each[1]);
    });
    return box;
  }

  function clauses(version) {
    return new Map(version.clauses.map(function (each) { return [each.id, each]; }));
  }

  function compared(old, now) {
    var one = clauses(old), two = clauses(now), keys = new Set(Array.from(two.keys()).concat(Array.from(one.keys())));
    var made = [], same = 0;
    keys.forEach(function (key) {
      var before = one.get(key), after = two.get(key);
      if (before && after && before.text === after.text && before.title === after.title) { same += 1; return; }
      var word = before && after ? "" : after ? " (added)" : " (removed)";
      made.push(element("h3", (after || before).title + word));
      made.push(redline(before ? before.text : "", after ? after.text : ""));
    });
    var number = made.length / 2;
    made.unshift(element("p", number + (number === 1 ? " passage differs, " : " passages differ, ") + same + " stay as they were."));
    made.unshift(element("h2", "From " + old.id + " to " + now.id));
    return made;
  }

  function chosen(id) { return document.getElementById(id).value; }

  function compare(form) {
    var place = document.getElementById("compared"), status = document.getElementById("compare-status");
    function load(id) {
      return fetch(form.dataset.compare + id + ".json").then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.json();
      });
    }
    document.getElementById("compare").addEventListener("click", function () {
      status.textContent = "Comparing";
      Promise.all([load(chosen("old")), load(chosen("new"))]).then(function (both) {
        place.replaceChildren.apply(place, compared(both[0], both[1]));
        status.textContent = "";
        place.focus();
      }).catch(function () { status.textContent = "The versions can't be read at the moment. Try again."; });
    });
  }

  [["[data-filters]", find], ["[data-days]", joined], ["[data-compare]", compare]].forEach(function (each) {
    var found = document.querySelector(each[0]);
    if (found) {
      found.closest(".search").hidden = false;
      each[1](found);
    }
  });
}());
