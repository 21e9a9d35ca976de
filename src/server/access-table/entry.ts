import type { Row } from './outcomes.ts';
import type { Ids, World } from './world.ts';

export interface Call {
  method: string;
  /** from the root of the server, with its query */
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One line of the table: how to ask, and what each should be told. */
export interface Entry {
  expect: Row;
  call(ids: Ids, world: World): Call | Promise<Call>;
  /** status of those who are let through; default: any below 300 */
  status?: number;
}

const json = { 'content-type': 'application/json' };

export function get(path: (ids: Ids) => string, expect: Row, status?: number): Entry {
  return { expect, call: (ids) => ({ method: 'GET', path: path(ids) }), ...(status && { status }) };
}

export function post(
  path: (ids: Ids) => string,
  body: ((ids: Ids) => unknown) | undefined,
  expect: Row,
  status?: number,
): Entry {
  return {
    expect,
    call: (ids) => {
      const content = body ? { headers: json, body: JSON.stringify(body(ids)) } : {};
      return { method: 'POST', path: path(ids), ...content };
    },
    ...(status && { status }),
  };
}

type Input = (ids: Ids, world: World) => unknown;

/** A tRPC query, as a browser sends it; the table adds its name. */
export function query(input: Input | undefined, expect: Row): (name: string) => Entry {
  return (name) => ({
    expect,
    call: (ids, world) => {
      const text = input ? `?input=${encodeURIComponent(JSON.stringify({ json: input(ids, world) }))}` : '';
      return { method: 'GET', path: `/api/trpc/${name}${text}` };
    },
  });
}

/** A tRPC mutation. */
export function mutation(input: Input | undefined, expect: Row, status?: number): (name: string) => Entry {
  return (name) => ({
    expect,
    call: async (ids, world) => ({
      method: 'POST',
      path: `/api/trpc/${name}`,
      headers: json,
      body: JSON.stringify({ json: input ? await input(ids, world) : null }),
    }),
    ...(status && { status }),
  });
}
