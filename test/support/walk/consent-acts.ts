// The model of consents: what an app asks its user for, when the user is asked, and what they have agreed to then.
import { presses } from '../openid/consents.ts'
import type { Visitor } from '../pages/visitor.ts'
import type { ClientFact, ConsentFact } from './facts.ts'
import type { World } from './world.ts'

type Request = Pick<ConsentFact, 'client' | 'account' | 'items'>

/** What a request asks for; an app that may outlive sessions does so without asking. */
export function itemsAsked({ isOffline }: ClientFact, scope: string): string[] {
  const scopes = scope.split(' ').filter((one) => one !== 'openid')
  return [...scopes, ...(isOffline ? ['offline_access'] : [])]
}

function consentOf({ consents }: World, { client, account }: Request): ConsentFact | undefined {
  return consents.find((one) => one.client === client && one.account === account)
}

const documentOf = ({ agent }: ClientFact): string | null => agent?.known ?? null

/** Whether the user is asked: for what they have not agreed to, and always by a program on the device, which can be any. */
export function isAsked(world: World, request: Request): boolean {
  const { client, items } = request
  if (!client.asks) return false
  const given = consentOf(world, request)
  const isGiven = given?.document === documentOf(client) && items.every((item) => given.items.includes(item))
  return client.agent?.isOnDevice === true || !isGiven
}

/** The user agrees to it, beside what they agreed to before by the same document. */
export function addsConsent(world: World, request: Request): void {
  const { client, items } = request
  const document = documentOf(client)
  const before = consentOf(world, request)
  if (before === undefined) return void world.consents.push({ ...request, document })
  before.items = before.document === document ? [...before.items, ...items] : items
  before.document = document
}

/** Reads the page of the question and presses a button; returns where the browser is led. */
export async function answersQuestion(visitor: Visitor, at: URL, button: 'Allow' | 'Cancel'): Promise<URL> {
  await visitor.page(at.pathname)
  return presses(visitor, at.pathname, button)
}
