// What a module of the conformance suite has collected when a condition looks at it.
import assert from 'node:assert/strict'

import type { Instant } from '#foundation/kernel/time.ts'
import type { TestApp } from '../apps.ts'
import type { LogoutToken } from '../logout-receiver.ts'

export type Json = Readonly<Record<string, unknown>>

/** An answer that the app has received. */
export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

export interface IdToken {
  readonly raw: string
  readonly header: Json
  readonly claims: Json
}

export type ServerKey = JsonWebKey & { readonly kid?: string; readonly use?: string; readonly alg?: string }

/** Where the browser is when nothing leads it on: at the app, or on a page of the server. */
export type Arrival =
  | { readonly at: 'app'; readonly url: URL }
  | { readonly at: 'page'; readonly path: string; readonly page: Received }

export interface Environment {
  readonly issuer: string
  now: Instant
  app: TestApp
  discovery?: Received
  keySet?: Received
  /** The parameters of the last authorization request. */
  request: Readonly<Record<string, string>>
  arrival?: Arrival
  /** The forms that the browser has filled in since the request: `/sign-in`, `/confirm`. */
  forms: string[]
  /** The answer of the token endpoint. */
  tokens?: Received
  idToken?: IdToken
  /** The ID token of the authorization before the last one. */
  firstIdToken?: IdToken
  /** The answer of the userinfo endpoint. */
  userinfo?: Received
  /** The state of the request to sign out. */
  logoutState: string
  /** What the server has sent the app of the end of the session. */
  logoutToken?: LogoutToken
}

/** Evaluates a condition: throws where it does not hold. */
export type Condition = (env: Environment) => void
export type Conditions = Readonly<Record<string, Condition>>

/** Returns what a condition needs; throws where the module has not come so far. */
export function required<Value>(value: Value | undefined, what: string): Value {
  assert.ok(value !== undefined, `there is no ${what}`)
  return value
}

/** Returns the JSON object of an answer. */
export function jsonIn(received: Received | undefined, what: string): Json {
  const { text } = required(received, what)
  const body: unknown = JSON.parse(text)
  assert.ok(typeof body === 'object' && body !== null && !Array.isArray(body), `${what} is no JSON object`)
  return body as Json
}

export function metadataOf({ discovery }: Environment): Json {
  return jsonIn(discovery, 'discovery document')
}

export function keysOf({ keySet }: Environment): readonly ServerKey[] {
  const { keys } = jsonIn(keySet, 'key set')
  assert.ok(Array.isArray(keys), 'the key set has no list of keys')
  return keys as ServerKey[]
}

/** The parameters with which the browser has come back to the app. */
export function callbackOf({ arrival }: Environment): URLSearchParams {
  const back = required(arrival, 'answer')
  if (back.at === 'page') assert.fail(`the browser stays at ${back.path}`)
  return back.url.searchParams
}

/** The page on which the browser has stayed. */
export function pageOf({ arrival }: Environment): Received {
  const stayed = required(arrival, 'answer')
  if (stayed.at === 'app') assert.fail(`the browser is at the app: ${stayed.url}`)
  return stayed.page
}

export function idTokenOf({ idToken }: Environment): IdToken {
  return required(idToken, 'ID token')
}

/** Returns a value that should be a text; empty for any other. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function assertMediaType({ headers }: Received, type: string): void {
  assert.equal(String(headers['content-type']).split(';')[0]?.trim(), type)
}

/** Returns the JSON in a part of a JWT. */
export function decodedPart(part: string): Json {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json
}
