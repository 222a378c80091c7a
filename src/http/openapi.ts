// OpenAPI 3.1 made from the route table.
import { type ZodType, z } from 'zod';
import { errorBody, placedEvent } from './contract.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

/** The document. Parameters and bodies are what a client may send; responses what it gets. */
export function describeApi<Parts>(table: readonly Route<Parts>[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const row of table) {
    paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: describeRoute(row) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'CoPaw', version, description: 'The local API of one CoPaw. One operator, one credential; errors have one shape.' },
    security: [{ bearer: [] }, { cookie: [], key: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A device token, from POST /api/tokens or `copaw token`.' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'copaw-<port>', description: 'Set by POST /api/login. Needs the key too.' },
        key: { type: 'apiKey', in: 'header', name: 'x-copaw-key', description: 'From the answer of POST /api/login.' },
      },
      schemas: { Error: schema(errorBody, 'output'), Event: schema(placedEvent, 'output') },
    },
  };
}

function describeRoute<Parts>(row: Route<Parts>): Json {
  const inPath = [...row.path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const inQuery = Object.entries(row.query?.shape ?? {}).map(([name, type]) => ({
    name,
    in: 'query',
    required: false,
    schema: schema(z.object({ value: type }), 'output', 'value'),
  }));
  const answer = schema(row.response, 'output');
  const content = {
    ...(row.streams === 'always' ? {} : { [row.media ?? 'application/json']: { schema: answer } }),
    ...(row.streams === undefined
      ? {}
      : { 'text/event-stream': { schema: { type: 'string', description: 'Server-sent events: `id` and, as `data`, the JSON of an Event.' } } }),
  };
  return {
    summary: row.summary,
    ...(row.public === true ? { security: [] } : {}),
    ...(inPath.length + inQuery.length > 0 ? { parameters: [...inPath, ...inQuery] } : {}),
    ...(row.longBody ? { requestBody: { required: true, content: { [row.longBody]: { schema: { type: 'string' } } } } } : {}),
    ...(row.body ? { requestBody: { required: true, content: { 'application/json': { schema: schema(row.body, 'input') } } } } : {}),
    responses: {
      [row.status ?? 200]: { description: 'Done.', content },
      default: { description: 'Refused or failed.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
    },
  };
}

function schema(type: ZodType, io: 'input' | 'output', member?: string): unknown {
  const { $schema: _, ...made } = z.toJSONSchema(type, { io, unrepresentable: 'any' });
  const { properties } = made;
  return member === undefined ? made : (properties?.[member] ?? {});
}
