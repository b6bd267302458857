// The operator's commands to the station. The token arrives with the event stream, so it outlives a restart.

let token = "";

const ANSWER_WITHIN = 5000;

export function setToken(fresh) {
  token = fresh;
}

/** Send one command to a lane. Answers {passage} or {name}, or {refused: key of the sentence to show}. */
export function send(lane, what, asked) {
  return post(`/lanes/${encodeURIComponent(lane)}/${what}`, asked);
}

/** Send one command; never throws. Answers what the station said, or {refused: key of the sentence to show}. */
export async function post(path, asked) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token, Accept: "application/json" },
      body: JSON.stringify(asked),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
  } catch {
    return { refused: "refusal.not_sent" };
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok && (answer.passage || answer.name || answer.done)) return answer;
  if (response.status === 409) return { refused: "refusal." + answer.refused };
  return { refused: response.status === 403 ? "refusal.page" : "refusal.station" };
}
