// Devices, secrets, audit and review, and changes of the configuration: all the operator's own, none of them a tool.
import {
  auditPage,
  auditRecords,
  auditVerdict,
  configChanges,
  devices as deviceList,
  done,
  review,
  reviewRequest,
  secretRequest,
  secrets,
} from './contract.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, callerOf, route } from './route.ts';

const finished = { done: true as const };

export const securityRoutes = [
  route({
    method: 'GET',
    path: '/api/devices',
    summary: 'Browsers and devices that hold a token',
    response: deviceList,
    handle: async ({ security }: HttpParts, call) => ({ devices: await (await security(actorOf(call))).devices(), current: callerOf(call).deviceId }),
  }),
  route({
    method: 'DELETE',
    path: '/api/devices/{id}',
    summary: 'Revokes a device; what it has open ends at once',
    response: done,
    handle: async ({ security }: HttpParts, call) => {
      await (await security(actorOf(call))).revokeDevice(call.param('id'));
      return finished;
    },
  }),
  route({
    method: 'GET',
    path: '/api/secrets',
    summary: 'Names of secrets and what each may be used for; never a value',
    response: secrets,
    handle: async ({ security }: HttpParts, call) => ({ secrets: await (await security(actorOf(call))).secrets() }),
  }),
  route({
    method: 'PUT',
    path: '/api/secrets/{name}',
    summary: 'Sets a secret, replacing its value and use',
    body: secretRequest,
    response: done,
    handle: async ({ security }: HttpParts, call) => {
      await (await security(actorOf(call))).setSecret(call.param('name'), call.body.value, call.body.use);
      return finished;
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/secrets/{name}',
    summary: 'Deletes a secret',
    response: done,
    handle: async ({ security }: HttpParts, call) => {
      await (await security(actorOf(call))).removeSecret(call.param('name'));
      return finished;
    },
  }),
  route({
    method: 'GET',
    path: '/api/audit',
    summary: 'Records of the audit log',
    query: auditPage,
    response: auditRecords,
    handle: async ({ security }: HttpParts, call) => ({ records: await (await security(actorOf(call))).audit(call.query) }),
  }),
  route({
    method: 'GET',
    path: '/api/audit/verify',
    summary: 'Walks the whole chain of the audit log',
    response: auditVerdict,
    handle: async ({ security }: HttpParts, call) => (await security(actorOf(call))).verifyAudit(),
  }),
  route({
    method: 'POST',
    path: '/api/security/review',
    summary: 'Reviews home, configuration, devices, skills and machine',
    body: reviewRequest,
    response: review,
    handle: async ({ security }: HttpParts, call) => (await security(actorOf(call))).review(call.body),
  }),
  route({
    method: 'POST',
    path: '/api/config',
    summary: 'Changes config.json, all changes or none',
    body: configChanges,
    response: done,
    handle: async ({ commitConfig }: HttpParts, call) => {
      await commitConfig(
        actorOf(call),
        call.body.changes.map(({ path, value }) => ({ path, value })),
      );
      return finished;
    },
  }),
];
