import assert from 'node:assert/strict'

import { PASSWORD, type Person } from '../people/people.ts'
import type { HostBrowser, Opened } from './protected-site.ts'

/** Signs a user in on the page to which a host has led, and follows to where it leads back. */
export async function signsInForHost(browser: HostBrowser, { url }: Opened, person: Person): Promise<Opened> {
  const { pathname, search, origin } = new URL(url)
  const { visitor } = browser
  const first = await visitor.submit(pathname + search, { username: person.username, password: PASSWORD })
  assert.equal(first.statusCode, 303, first.body)
  const second = await visitor.submit(String(first.headers.location), { code: person.code() })
  assert.equal(second.statusCode, 200, second.body)
  const next = /url=([^"]+)"/.exec(second.body)?.[1] ?? ''
  return browser.follow(origin + next.replaceAll('&amp;', '&'))
}

/** Follows so many redirects; returns where the next one leads. */
export async function followIn(browser: HostBrowser, first: string, redirects: number): Promise<string> {
  let url = first
  for (let count = 0; count < redirects; count++) {
    const { headers } = await browser.send(url)
    url = new URL(String(headers.location), url).href
  }
  return url
}
