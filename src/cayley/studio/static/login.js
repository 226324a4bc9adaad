// The page that asks for the password of a classroom.

const form = document.getElementById("login");
const field = document.getElementById("password");
const problem = document.getElementById("problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  try {
    const answer = await fetch("/api/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ password: field.value }),
    });
    if (answer.ok) location.reload(); // the fragment, and with it a linked table, stays
    else problem.textContent = (await answer.json()).message;
  } catch {
    problem.textContent = "The studio does not answer.";
  }
  field.select();
});
field.focus();
