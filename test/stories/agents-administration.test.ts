// Which agents are allowed: said by API, pages and command line, and approved by a second admin where the rule asks for that.
import assert from 'node:assert/strict'

import { readAgentSetting } from '#domain/agents/agent.service.ts'
import { listEvents } from '#domain/audit/audit.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { deliverQueuedMails, startSmtpServer } from '../support/mail/smtp-server.ts'
import { DOCUMENT } from '../support/openid/agent-host.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { startWithRule } from '../support/people/admins.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, runner } from '../support/server/command-line.ts'

onEitherDatabase('an admin turns agents on from the page of apps, and lists a document', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const page = await browser.page((await browser.page('/admin/apps')).main.link('Agents'))
  assert.match(
    page.main.text,
    /No agent can sign people in\..*No documents are listed\..*No one has used an agent yet\./s,
  )
  const form = await browser.page(page.main.link('Change'))
  assert.equal(form.sent('enabled'), 'off')
  const seen = form.sent('seen') ?? assert.fail()
  const wanted = { enabled: 'on', allowed_documents: `${DOCUMENT}\r\nOther.example\r\n`, seen }
  const wrong = await browser.submit('/admin/agents/change', { ...wanted, allowed_documents: 'https://other.example' })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /“https:\/\/other\.example” is neither\./)
  assertLeadsTo(await browser.submit('/admin/agents/change', wanted), '/admin/agents?done=saved')
  const allowedDocuments = [DOCUMENT, 'other.example'].toSorted()
  assert.deepEqual(await readAgentSetting(server.operator()), { enabled: true, allowedDocuments, revision: 2 })
  assert.match((await browser.page('/admin/agents')).main.text, /On An agent can sign people in.*other\.example/s)
  const late = await browser.submit('/admin/agents/change', { ...wanted, enabled: 'off' })
  assert.equal(late.statusCode, 412, 'the form was shown before the change')
})

leaveToTestAll()

onEitherDatabase('an admin changes by API which agents are allowed, on the state that was read', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const before = await root.asks('GET', '/agents')
  assert.deepEqual(before.body, { enabled: false, allowed_documents: [], agents: [] })
  const tag = String(before.raw.headers['etag'])
  const changed = await root.asks(
    'PATCH',
    '/agents',
    { enabled: true, allowed_documents: [DOCUMENT] },
    { 'if-match': tag },
  )
  assert.deepEqual(changed.body, { enabled: true, allowed_documents: [DOCUMENT], agents: [] })
  assert.deepEqual(refusalIn(await root.asks('PATCH', '/agents', { enabled: false }, { 'if-match': tag })), [
    412,
    'resource.stale',
  ])
  assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', '/agents', { allowed_documents: ['localhost'] })), [
    '/allowed_documents agents.document',
  ])
  for (const id of [DOCUMENT, 'wiki'])
    assert.deepEqual(refusalIn(await root.asks('POST', '/agents/end-sign-ins', { id })), [404, 'app.not_found'])
  const { items } = await listEvents(server.operator(), { limit: 10 })
  const [event] = items.filter(({ action, result }) => action === 'agents.changed' && result !== 'refused')
  assert.equal(event?.details?.['allowed_documents'], DOCUMENT)
})

onEitherDatabase(
  'under the two-person rule agents get in when a second admin agrees, and are shut out at once',
  async (t, dialect) => {
    const { server, root, mia } = await startWithRule(t, dialect)
    const change = async (body: object) => {
      const { status, body: answer } = await root.asks('PATCH', '/agents', body)
      return { status, id: String(answer['id']) }
    }
    const setting = async () => {
      const { enabled, allowedDocuments } = await readAgentSetting(server.operator())
      return [enabled, ...allowedDocuments]
    }
    assert.equal((await change({ allowed_documents: [DOCUMENT] })).status, 200, 'a list while agents are off')
    const waiting = await change({ enabled: true })
    assert.equal(waiting.status, 202)
    assert.deepEqual(await setting(), [false, DOCUMENT])
    const page = await (await signedInBrowser(mia)).open(`/admin/approvals/${waiting.id}`)
    for (const text of ['Change which agents are allowed', DOCUMENT, 'Agents can sign people in'])
      assert.ok(page.body.includes(text), text)
    assert.equal((await mia.asks('POST', `/approvals/${waiting.id}/approve`)).status, 200)
    assert.deepEqual(await setting(), [true, DOCUMENT])

    const more = await change({ allowed_documents: [DOCUMENT, 'other.example'] })
    assert.equal(more.status, 202)
    assert.equal((await change({ allowed_documents: [] })).status, 200)
    assert.deepEqual(refusalIn(await mia.asks('POST', `/approvals/${more.id}/approve`)), [409, 'approval.lapsed'])
    assert.deepEqual(await setting(), [true], 'a request that relied on another list')
    assert.equal((await change({ enabled: false })).status, 200)
  },
)

onEitherDatabase(
  'the operator turns agents on past the two-person rule: it is recorded, and admins get a mail',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const { server } = await startWithRule(t, dialect, smtp.settings)
    const run = runner(t, { ...server, settings: { two_person_rule: 'on', ...smtp.settings } })
    await run('app', 'agents', 'allow', DOCUMENT)
    await run('app', 'agents', 'on')
    const { items } = outputIn(await run('audit', 'list', '--action', 'approval.bypassed', '--json'))
    assert.deepEqual(
      (items as { details: { change: string } }[]).map(({ details }) => details.change),
      ['change-agents'],
    )
    await deliverQueuedMails(server.doorward)
    assert.match(String(smtp.to('mia@example.org')[0]?.text), / made this change: Change which agents are allowed\.$/m)
  },
)

onEitherDatabase('the operator lists documents, and turns agents on and off', async (t, dialect) => {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  assert.deepEqual(outputIn(await run('app', 'agents', 'allow', DOCUMENT, 'Other.example', '--json')), {
    enabled: false,
    allowed_documents: [DOCUMENT, 'other.example'],
    agents: [],
  })
  assert.match((await run('app', 'agents', 'on')).stderr, /Agents are on; 2 documents listed/)
  const listed = await run('app', 'agents', 'list')
  assert.match(listed.stderr, /Agents are on; 2 documents listed/)
  assert.ok(listed.stdout.includes(`${DOCUMENT}\nother.example\n`), listed.stdout)
  assert.deepEqual(failureIn(await run('app', 'agents', 'remove', 'third.example', '--json')), [3, 'app.not_found'])
  assert.deepEqual(outputIn(await run('app', 'agents', 'remove', DOCUMENT, '--json'))['allowed_documents'], [
    'other.example',
  ])
  assert.equal(outputIn(await run('app', 'agents', 'off', '--json'))['enabled'], false)
  assert.deepEqual(failureIn(await run('app', 'agents', 'end', DOCUMENT, '--yes', '--json')), [3, 'app.not_found'])
  assert.deepEqual(failureIn(await run('app', 'agents', 'allow', 'localhost', '--json')), [
    6,
    'request.validation_failed',
  ])
})
