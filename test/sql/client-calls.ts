// Calls the queries of apps, once for each form of their SQL.
import * as agents from '#domain/agents/agent-setting.queries.ts'
import * as agentClients from '#domain/clients/agent-client.queries.ts'
import * as attributes from '#domain/clients/client-attribute.queries.ts'
import * as icons from '#domain/clients/client-icon.queries.ts'
import * as secrets from '#domain/clients/client-secret.queries.ts'
import * as clients from '#domain/clients/client.queries.ts'
import * as resources from '#domain/clients/resource.queries.ts'
import * as restricted from '#domain/clients/restricted-client.queries.ts'
import * as startable from '#domain/clients/startable-client.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW } from './values.ts'

const CLIENT = {
  id: 'client',
  name: 'Photos',
  kind: 'web',
  redirectUris: ['https://photos.example.org/callback'],
  logoutUris: [],
  authMethod: 'client_secret_basic',
  idTokenAlg: 'ES256',
  scopes: ['openid', 'profile'],
  refreshTokens: true,
  requirePkce: true,
  allowHttp: false,
  claimsInIdToken: false,
  deviceSignIn: false,
  backchannelUri: null,
  backchannelSessionRequired: false,
  unconfirmedEmail: false,
  sharedGroups: 'all',
  attributes: [{ key: 'department', claim: 'department', allowedBy: null }],
  trusted: true,
  allowedRoles: ['admin'],
  allowedGroups: [],
  leastAssurance: null,
  maxAge: null,
  startUrl: null,
  hidden: false,
  preset: null,
  createdAt: NOW,
  createdBy: null,
  disabledAt: null,
  revision: 1,
} as const

const ICON = { type: 'image/png', content: Buffer.from('icon'), digest: 'digest' } as const

const RESOURCE = {
  id: 'resource',
  uri: 'https://api.example.org/',
  name: 'Orders',
  servedBy: 'client',
  tokenFormat: 'opaque',
  lifetime: null,
  scopes: ['orders:read'],
  allowedClients: ['client'],
  createdAt: NOW,
  createdBy: null,
  revision: 1,
} as const

const SECRET = { id: 'secret', hash: 'hash', createdAt: NOW, expiresAt: null, lastUsedAt: null } as const

export const CLIENT_CALLS: QueryCalls = {
  'src/domain/clients/client.queries.ts': {
    selectClient: (db) => clients.selectClient(db, 'client'),
    selectClientsWithIds: (db) => clients.selectClientsWithIds(db, ['client', 'other']),
    holdUnchangedClient: (db) => clients.holdUnchangedClient(db, 'client', 1),
    takeClient: (db) => clients.takeClient(db, 'client'),
    selectClientWithSecrets: (db) => clients.selectClientWithSecrets(db, 'client', NOW),
    insertClient: (db) => clients.insertClient(db, CLIENT, 'photos'),
    updateClientRow: [
      (db) => clients.updateClientRow(db, CLIENT, null),
      async (db) => {
        await clients.insertClient(db, CLIENT, 'photos')
        await clients.updateClientRow(db, CLIENT, 'pictures')
      },
    ],
    deleteClientRows: (db) => clients.deleteClientRows(db, 'client'),
    selectClientNames: (db) => clients.selectClientNames(db, ['client']),
    selectIdByKey: (db) => clients.selectIdByKey(db, 'photos'),
    selectClientsAllowing: [
      (db) => clients.selectClientsAllowing(db, 'role', 'admin'),
      (db) => clients.selectClientsAllowing(db, 'group', 'staff'),
    ],
    countClients: (db) => clients.countClients(db),
    hasClientRow: (db) => clients.hasClientRow(db),
    selectWeakenedClients: (db) => clients.selectWeakenedClients(db),
    selectClients: [
      (db) => clients.selectClients(db, { term: '', limit: 10 }),
      (db) => clients.selectClients(db, { term: 'photo', after: 'notes', limit: 10 }),
    ],
  },
  'src/domain/clients/agent-client.queries.ts': {
    selectAgentIds: (db) => agentClients.selectAgentIds(db, 10),
    countAgents: (db) => agentClients.countAgents(db),
  },
  'src/domain/agents/agent-setting.queries.ts': {
    selectAgentSetting: (db) => agents.selectAgentSetting(db),
    holdAgentSetting: (db) => agents.holdAgentSetting(db),
    takeAgentSetting: (db) => agents.takeAgentSetting(db),
    writeAgentSetting: (db) =>
      agents.writeAgentSetting(db, { enabled: true, allowedDocuments: ['agent.example'], revision: 1 }),
  },
  'src/domain/clients/client-attribute.queries.ts': {
    insertAttributes: (db) => attributes.insertAttributes(db, CLIENT),
    replaceAttributes: (db) => attributes.replaceAttributes(db, CLIENT),
    renameAttributeRows: (db) => attributes.renameAttributeRows(db, 'department', 'unit'),
    deleteAttributeRows: (db) => attributes.deleteAttributeRows(db, 'department'),
  },
  'src/domain/clients/client-icon.queries.ts': {
    selectIcon: (db) => icons.selectIcon(db, 'client'),
    selectIconDigests: (db) => icons.selectIconDigests(db, ['client']),
    putIcon: (db) => icons.putIcon(db, 'client', ICON),
    deleteIconRow: (db) => icons.deleteIconRow(db, 'client'),
  },
  'src/domain/clients/restricted-client.queries.ts': {
    selectRestrictedClients: (db) => restricted.selectRestrictedClients(db, ['client', 'other']),
  },
  'src/domain/clients/startable-client.queries.ts': {
    selectStartableClients: (db) => startable.selectStartableClients(db),
  },
  'src/domain/clients/resource.queries.ts': {
    selectServingIds: (db) => resources.selectServingIds(db),
    selectResource: (db) => resources.selectResource(db, 'resource'),
    selectResourceByUri: (db) => resources.selectResourceByUri(db, RESOURCE.uri),
    takeResource: (db) => resources.takeResource(db, 'resource'),
    insertResource: (db) => resources.insertResource(db, RESOURCE),
    updateResourceRow: (db) => resources.updateResourceRow(db, RESOURCE),
    deleteResourceRow: (db) => resources.deleteResourceRow(db, 'resource'),
    countResources: (db) => resources.countResources(db),
    selectResources: [
      (db) => resources.selectResources(db, { limit: 10 }),
      (db) => resources.selectResources(db, { after: RESOURCE.uri, limit: 10 }),
    ],
    selectServedBy: (db) => resources.selectServedBy(db, 'client'),
  },
  'src/domain/clients/client-secret.queries.ts': {
    selectSecrets: (db) => secrets.selectSecrets(db, 'client'),
    selectAllValidSecrets: (db) => secrets.selectAllValidSecrets(db, NOW),
    insertSecret: (db) => secrets.insertSecret(db, 'client', SECRET),
    updateSecretEnd: (db) => secrets.updateSecretEnd(db, { clientId: 'client', id: 'secret' }, NOW),
    updateSecretUse: (db) => secrets.updateSecretUse(db, 'secret', NOW),
    deleteEndedSecrets: (db) => secrets.deleteEndedSecrets(db, 'client', NOW),
  },
}
