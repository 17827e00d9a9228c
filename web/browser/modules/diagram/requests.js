/** An answer that is no success: its status and the JSON it brought, if any. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {any} body
   */
  constructor(status, body) {
    super(`The server answered ${status}.`);
    this.status = status;
    this.body = body;
  }
}

/**
 * Sends JSON with the page's CSRF token and answers with the JSON that came back.
 * Throws `Refusal`; a `TypeError` means that there was no connection.
 *
 * @param {string} address
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export function post(address, body) {
  const token = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
  return answered(
    fetch(address, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": token,
      },
      body: JSON.stringify(body),
    }),
  );
}

/**
 * Fetches JSON. Throws as `post` does.
 *
 * @param {string} address
 * @returns {Promise<any>}
 */
export function get(address) {
  return answered(fetch(address, { headers: { Accept: "application/json" } }));
}

/**
 * Fetches a text, such as a diagram. Throws as `post` does.
 *
 * @param {string} address
 * @returns {Promise<string>}
 */
export async function getText(address) {
  const response = await fetch(address);
  if (!response.ok || response.redirected) throw new Refusal(response.status, null);
  return response.text();
}

/** @param {Promise<Response>} request */
async function answered(request) {
  const response = await request;
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const body = isJson ? await response.json() : null;
  if (!response.ok || !isJson) throw new Refusal(response.status, body);
  return body;
}
