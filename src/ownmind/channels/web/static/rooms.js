// @ts-check
// Goals, people, calendar and today, as functions: each call of a room is a route (docs/http.md).

import { ask, post } from './api.js';

/** Asks a room for something. @param {string} room @param {string} call @param {Record<string, string | number | boolean>} [named] @returns {Promise<any>} */
export async function read(room, call, named = {}) {
  const query = new URLSearchParams(Object.entries(named).map(([name, value]) => [name, String(value)]));
  return (await (await ask(`/api/${room}/${call}${query.size ? `?${query}` : ''}`)).json()).result;
}

/** Has a room change something. @param {string} room @param {string} call @param {Record<string, unknown>} [named] @returns {Promise<any>} */
export const change = async (room, call, named = {}) => (await (await post(`/api/${room}/${call}`, named)).json()).result;
