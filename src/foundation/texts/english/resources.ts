// Resources: APIs for which apps get access tokens. Their list, the page of one, and its form.
import { LONGEST_JWT } from '#foundation/kernel/stated-limits.ts'
import { stated } from './stated.ts'

export const resources = {
  title: 'Resources',
  lead: 'APIs that apps may call for their users. An access token is for one of them, and of no use anywhere else.',
  add: 'Register a resource',
  table: 'Resources',
  none: {
    title: 'No resources yet',
    text: 'Register an API here, and apps get access tokens for it.',
  },
  columns: { name: 'Name', tokens: 'Kind of token', apps: 'Apps that get tokens' },
  change: 'Change',
  formats: { opaque: 'Opaque', jwt: 'JWT' },
  notServed: 'No tokens',
  notServedDetail: 'The app that checks the tokens is disabled or deleted, so no app gets one.',
  allApps: 'All',
  noApps: 'None',
  gone: 'a deleted app',
  details: 'Details',
  servedBy: 'Who checks the tokens',
  servedByNone: 'The API itself, by the key set',
  tokens: 'Kind of token',
  opaqueCost: 'The API asks about each token, so a disabled user is refused immediately.',
  jwtCost: (span: string) =>
    `The API checks the signature itself. So such a token can live up to ${span} after its user was disabled.`,
  lifetime: 'Tokens expire after',
  usual: 'The usual time',
  scopes: 'Scopes',
  noScopes: 'None',
  apps: 'Apps that get tokens',
  registered: 'Registered',
  by: 'by',
  byOperator: 'by a command on the server',
  settings: {
    title: 'Settings for the API',
    lead: 'What the API needs to check a token.',
    audience: 'Audience (aud)',
    issuer: 'Issuer',
    keys: 'Key set (JWKS)',
    introspection: 'Introspection endpoint',
  },
  done: { created: 'Resource registered.', saved: 'Saved.', deleted: 'Resource deleted.' },
  form: {
    newTitle: 'Register a resource',
    newLead: 'A resource is an API for which apps get access tokens.',
    changeTitle: (name: string) => `Change ${name}`,
    changeLead: 'Changes apply to opaque tokens at their next use, and to JWTs when they’re issued.',
    name: 'Name',
    uri: 'URI of the API',
    uriHint:
      'Apps ask for it in exactly these characters, and you can’t change it later. Example: https://api.example.org/',
    format: 'What kind of tokens does it get?',
    formats: {
      opaque: {
        label: 'Opaque',
        hint: 'The API asks this server about each token. A disabled user is refused immediately.',
      },
      jwt: {
        label: 'JWT',
        hint: `The API checks the signature itself. Such a token can live up to ${stated.span(LONGEST_JWT)} after its user was disabled.`,
      },
    },
    servedBy: 'App that checks the tokens',
    servedByHint: 'Its name or client ID. Register the API as an app for that. For JWTs you can leave it empty.',
    scopes: 'Scopes',
    scopesHint: 'What apps can ask for, separated by spaces or lines. Example: orders:read orders:write',
    allowed: 'Which apps may ask for tokens?',
    allowedChoices: { some: 'Only these', all: 'All apps' },
    apps: 'Apps',
    appsHint: 'Names or client IDs, one per line.',
    lifetime: 'How long do tokens live?',
    lifetimeUsual: 'As long as usual',
    /** The titles of two of its parts. */
    parts: { tokens: 'Tokens', access: 'Access' },
    create: 'Register resource',
  },
  most: (until: string) =>
    `Takes effect when another admin approves, at the latest on ${until}. A new name, fewer scopes and fewer apps take effect immediately.`,
  deletion: {
    title: 'Delete resource',
    detail: 'Deletes the resource with its settings. No app gets tokens for it from then on.',
    question: (name: string) => `Delete ${name}?`,
    consequences: [
      `Opaque tokens for it end immediately. JWTs can live up to ${stated.span(LONGEST_JWT)} longer.`,
      'The sign-ins that asked for it end. Others of the same apps stay.',
      'You can’t undo this.',
    ],
    submit: 'Delete resource',
  },
  /** On the page of an app that serves some. */
  onApp: { title: 'Resources', lead: 'The app checks the tokens for these.' },
}
