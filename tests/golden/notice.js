// A notice about the privacy policy. It sends nothing, sets no cookie and loads nothing:
// what it says stands below, and the reader's own clock picks the sentence that is true now.
(function () {
  "use strict";
  var data = {
  "label": "Notice about the privacy policy of Larkspur Mail",
  "language": "en-US",
  "phases": [
    {
      "begins": null,
      "ends": "2014-01-01T00:00:00-08:00",
      "label": "Read what changes",
      "sentence": "Our privacy policy changes on 1 January 2014: cookies and tracking, what we collect.",
      "url": "https://larkspur.example/privacy/versions/2014-01-01/notice/"
    },
    {
      "begins": "2014-01-01T00:00:00-08:00",
      "ends": "2014-01-31T00:00:00-08:00",
      "label": "Read what changed",
      "sentence": "Our privacy policy changed on 1 January 2014: cookies and tracking, what we collect.",
      "url": "https://larkspur.example/privacy/versions/2014-01-01/changes/"
    }
  ],
  "version": "2014-01-01"
};

  function holds(phase, now) {
    return (!phase.begins || now >= Date.parse(phase.begins)) && (!phase.ends || now < Date.parse(phase.ends));
  }

  function dismissed(phase, set) {
    // Kept until the window is closed; it names the sentence, never the reader.
    try {
      if (set) { window.sessionStorage.setItem("policytrail", phase.sentence); }
      return window.sessionStorage.getItem("policytrail") === phase.sentence;
    } catch (blocked) {
      return false;
    }
  }

  function styled(element, rules) {
    Object.keys(rules).forEach(function (name) { element.style.setProperty(name, rules[name]); });
    return element;
  }

  function link(phase) {
    var made = styled(document.createElement("a"), { color: "#0b4668", "text-decoration": "underline" });
    made.href = phase.url;
    made.textContent = phase.label;
    return made;
  }

  function region(phase) {
    var made = document.createElement("div");
    made.id = "policytrail-notice";
    made.setAttribute("role", "region");
    made.setAttribute("aria-label", data.label);
    made.lang = data.language;
    styled(made, {
      "box-sizing": "border-box", padding: "12px 16px", background: "#fbf3dc", color: "#2a2410",
      "border-bottom": "2px solid #8a5a00", font: "16px/1.5 system-ui, sans-serif", "text-align": "left"
    });
    made.appendChild(document.createTextNode(phase.sentence + " "));
    made.appendChild(link(phase));
    return made;
  }

  function button(whenPressed) {
    var made = styled(document.createElement("button"), {
      "margin-left": "16px", "min-height": "28px", padding: "2px 12px", font: "inherit", color: "#2a2410",
      background: "#ffffff", border: "1px solid #6b5a1e", "border-radius": "4px", cursor: "pointer"
    });
    made.type = "button";
    made.textContent = "Close";
    made.addEventListener("click", whenPressed);
    return made;
  }

  function show() {
    var phase = data.phases.filter(function (each) { return holds(each, Date.now()); })[0];
    if (!phase || document.getElementById("policytrail-notice")) { return; }
    var shown = region(phase);
    if (dismissed(phase, false)) {
      document.body.appendChild(shown);
      return;
    }
    shown.appendChild(button(function () {
      dismissed(phase, true);
      shown.removeChild(shown.lastChild);
      document.body.appendChild(shown);
    }));
    document.body.insertBefore(shown, document.body.firstChild);
  }

  if (document.body) { show(); } else { document.addEventListener("DOMContentLoaded", show); }
}());
