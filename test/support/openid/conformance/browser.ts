// The browser of the user: it follows where it is led, and the user fills in the forms.
import assert from 'node:assert/strict'

import { parsePage } from '../../pages/parsed-page.ts'
import type { Arrival } from './environment.ts'
import type { ModuleRun } from './module-run.ts'

const MOST_HOPS = 16

/** What the user enters in the forms to which a request may lead. */
const FORMS: Readonly<Record<string, (module: Pick<ModuleRun, 'person' | 'clock'>) => Record<string, string>>> = {
  '/sign-in': ({ person: { username, password } }) => ({ username, password }),
  '/sign-in/second-step': (module) => ({ code: newCode(module) }),
  '/confirm': (module) => ({ password: module.person.password, code: newCode(module) }),
}

/** An unused code; the machine’s clock follows that of the server, which may have moved for it. */
function newCode({ person, clock }: Pick<ModuleRun, 'person' | 'clock'>): string {
  const code = person.code()
  clock.pass(0)
  return code
}

/** Follows redirects and pages that go on by themselves, and fills in the forms of the sign-in, until nothing leads on. */
export async function lead(module: ModuleRun, from: URL): Promise<Arrival> {
  const { browser, env } = module
  const own = new URL(env.issuer).origin
  let at = from
  let answer = await browser.open(at.pathname + at.search)
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const onward = answer.headers.location ?? goesOnTo(answer.body)
    const path = at.pathname
    if (onward !== undefined) {
      at = new URL(onward, at)
      if (at.origin !== own) return { at: 'app', url: at }
      answer = await browser.open(at.pathname + at.search)
      continue
    }
    const fields = FORMS[path]?.(module)
    const isConsent = env.request['prompt'] === 'consent' && path.startsWith('/oidc/interaction/')
    if (fields === undefined && !isConsent)
      return { at: 'page', path, page: { status: answer.statusCode, headers: answer.headers, text: answer.body } }
    env.forms.push(isConsent ? 'consent' : path)
    const action = isConsent ? parsePage(answer).actions()[0] : path + at.search
    answer = await browser.submit(action ?? '', fields ?? {})
  }
  assert.fail(`the browser is led in a circle: ${at}`)
}

function goesOnTo(page: string): string | undefined {
  return /http-equiv="refresh"\s+content="0;\s*url=([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
}

/** Presses the only button of the form on the page where the browser has stayed. */
export async function press(module: ModuleRun): Promise<void> {
  const { arrival, issuer } = module.env
  assert.equal(arrival?.at, 'page')
  const [action = ''] = parsePage(arrival.page.text).actions()
  const answer = await module.browser.submit(action, {})
  const onward = answer.headers.location ?? goesOnTo(answer.body) ?? assert.fail(answer.body)
  const url = new URL(onward, issuer)
  const isOwn = url.origin === new URL(issuer).origin
  module.env.arrival = isOwn ? await lead(module, url) : { at: 'app', url }
}
