import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '#core/errors.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const problemSchema = z
  .object({
    type: z.string().describe('urn:holdout:problem:<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('names the place, what is wrong and how to mend it'),
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    items: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('each place that is wrong'),
    instance: z.string().optional().describe('where the server broke: its id in the log'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

/** The OpenAPI 3.1 document of a route table, from the same schemas that check its input and shape its output. */
export function openApiDocument(routes: readonly Route[], info: { version: string; serverUrl: string }): Json {
  const components: Json = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => toComponent(schema, io, components);
  const problem = { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } };
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, schemaOf) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Holdout',
      version: info.version,
      description:
        'Projects, data sets, runs and the one opening of the test part. Errors are problem documents (RFC 9457). Lists come in pages: pass `nextCursor` as `cursor` until it is null.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: info.serverUrl }],
    security: [{ token: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      responses: { Problem: { description: 'What is wrong, where, and how to mend it', content: problem } },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token from Account, API tokens.' },
      },
    },
  };
}

function operation(route: Route, schemaOf: (schema: z.ZodType, io: 'input' | 'output') => Json): Json {
  const pathParameters = [...route.path.matchAll(/\{(\w+)\}/g)].map((found) => ({
    name: found[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const queryParameters = Object.entries(route.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(schema as z.ZodType, 'input'),
  }));
  const content: Json = {};
  if (route.response) content['application/json'] = { schema: schemaOf(route.response, 'output') };
  for (const media of route.media ?? []) content[media] = { schema: { type: 'string' } };
  const requestContent = route.body
    ? { 'application/json': { schema: schemaOf(route.body, 'input') } }
    : route.rawBody && { [route.rawBody]: { schema: { type: 'string', format: 'binary' } } };
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, needs(route.access)].filter(Boolean).join(' '),
    ...(route.access === 'public' ? { security: [] } : {}),
    parameters: [...pathParameters, ...queryParameters],
    ...(requestContent ? { requestBody: { required: true, content: requestContent } } : {}),
    responses: {
      [String(route.status ?? 200)]: { description: route.summary, content },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function needs(access: Route['access']): string {
  if (access === 'public') return 'Needs no token.';
  return access === 'any' ? 'Any token will do.' : `Needs a token with the scope "${access}".`;
}

/**
 * JSON Schema (draft 2020-12) of a schema; the named ones in it become components. A name whose input differs
 * from its output (defaults may be left out of an input) gets a component each: RunConfig and RunConfigInput.
 */
function toComponent(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $schema, $defs, ...root } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      // A later version may answer more fields than this document names.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  }) as Json & { $defs?: Record<string, Json> };
  const defs = $defs ?? {};
  const names = Object.fromEntries(
    Object.keys(defs).map((name) => [name, io === 'input' && differs(schema) ? `${name}Input` : name]),
  );
  const rewrite = (value: Json): Json =>
    JSON.parse(
      JSON.stringify(value).replace(
        /"#\/\$defs\/([^"]+)"/g,
        (_, name: string) => `"#/components/schemas/${names[name]}"`,
      ),
    );
  for (const [name, def] of Object.entries(defs)) components[names[name]!] = rewrite(def);
  return rewrite(root);
}

function differs(schema: z.ZodType): boolean {
  const as = (io: 'input' | 'output') =>
    JSON.stringify(z.toJSONSchema(schema, { io })).replaceAll(',"additionalProperties":false', '');
  return as('input') !== as('output');
}
