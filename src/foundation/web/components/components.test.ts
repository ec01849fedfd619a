import assert from 'node:assert/strict'
import { test } from 'node:test'

import { texts } from '#foundation/texts/texts.ts'
import { type Html, html, render } from '../html.ts'
import { flashSentence } from '../pages/flash.ts'
import { buttonRow, confirmDangerButton, dangerLink, linkButton, secondaryButton, submitButton } from './button.ts'
import { checkbox, radioGroup, selectField } from './choice.ts'
import { copyButton, copyField } from './copy.ts'
import { emptyState } from './empty-state.ts'
import { textField } from './field.ts'
import { filterLinks, pager, searchForm } from './list-navigation.ts'
import { factList, rowList, section } from './section.ts'
import { chip } from './status.ts'
import { BLANK, dataTable } from './table.ts'

const say = texts('en')

/** Markup without white space between and inside tags. */
function markup(of: Html | undefined): string {
  return render(of ?? html``)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?(<|>) ?/g, '$1')
    .replaceAll('/>', '>')
    .replaceAll(' >', '>')
}

test('one of the buttons is filled, and none is disabled', () => {
  const all = markup(
    buttonRow(submitButton('Save'), secondaryButton('Later'), dangerLink('/delete', 'Delete'), linkButton('/x', 'Go')),
  )
  assert.equal(all.match(/primary/g)?.length, 1)
  assert.equal(all.match(/type="submit"/g)?.length, 2)
  assert.match(all, /<a class="button" href="\/x">Go<\/a>/)
  assert.doesNotMatch(all, /disabled/)
})

test('a destructive action is filled on the page that asks for confirmation only', () => {
  assert.match(markup(dangerLink('/delete', 'Delete')), /class="button danger"/)
  assert.match(
    markup(confirmDangerButton('Delete')),
    /^<button class="button danger sure" type="submit">Delete<\/button>$/,
  )
})

test('a chip names its state; screen readers skip its icon', () => {
  assert.match(
    markup(chip('ok', 'On')),
    /^<span class="chip ok"><svg[^>]* aria-hidden="true"[^>]*>.*<\/svg>On<\/span>$/,
  )
})

test('a table has column and row headings, states its order, and labels its cells for small screens', () => {
  const table = markup(
    dataTable({
      caption: 'Users',
      columns: [
        { label: html`<span class="unseen">Select</span>` },
        { label: 'Name "x"', sort: 'ascending', href: '/users?sort=-name' },
        { label: 'Role' },
      ],
      rows: [{ id: 'user-1', cells: [html`<input type="checkbox" />`, 'alice', '<admin>'] }],
      empty: html`<p>None</p>`,
    }),
  )
  assert.match(table, /<caption class="unseen">Users<\/caption>/)
  assert.match(
    table,
    /<th scope="col" aria-sort="ascending"><a href="\/users\?sort=-name">Name &quot;x&quot;<\/a><\/th>/,
  )
  assert.match(table, /<tr id="user-1"><td><div><input type="checkbox"><\/div><\/td>/)
  assert.match(table, /<th scope="row" data-label="Name &quot;x&quot;"><div>alice<\/div><\/th>/)
  assert.match(table, /<td data-label="Role"><div>&lt;admin&gt;<\/div><\/td>/)
  assert.doesNotMatch(table, /None/)
})

test('a value that explains itself is marked, so that it stands without its label on a phone', () => {
  const columns = [{ label: 'Name' }, { label: 'Email', isPlain: true }, { label: 'Since' }]
  const rows = [{ cells: ['ada', 'ada@example.org', 'today'] }, { cells: ['bob', BLANK, BLANK] }]
  const table = markup(dataTable({ caption: 'Users', columns, rows, empty: html`` }))
  assert.match(table, /<td class="explained" data-label="Email">/)
  assert.match(table, /<td class="blank explained" data-label="Email">/)
  assert.match(table, /<td data-label="Since"><div>today/)
})

test('a table without rows is replaced by its empty text', () => {
  const table = markup(
    dataTable({ caption: 'Users', columns: [{ label: 'Name' }], rows: [], empty: html`<p>None</p>` }),
  )
  assert.equal(table, '<p>None</p>')
})

test('an empty state says what the list is for, and has the next step inside', () => {
  const state = markup(
    emptyState({ drawing: 'people', title: 'No groups', text: 'They help.', action: html`<a href="/new">New</a>` }),
  )
  assert.match(
    state,
    /<div class="empty"><svg class="door".*<h2>No groups<\/h2><p>They help\.<\/p><a href="\/new">New<\/a><\/div>/,
  )
})

test('the pages before and after are named, and a list on one page has neither', () => {
  assert.equal(markup(pager(say, {})), '')
  const next = markup(pager(say, { next: '/users?cursor=1' }))
  assert.match(next, /<nav class="pager" aria-label="Pages">.*rel="next".*Next/)
  assert.doesNotMatch(next, /rel="prev"/)
})

test('the selected filter is marked as current', () => {
  const filters = markup(
    filterLinks('Filter', [
      { href: '/users', label: 'Everybody', count: 3, current: true },
      { href: '/users?role=admin', label: 'Admins', current: false },
    ]),
  )
  assert.match(filters, /<a href="\/users" aria-current="true">Everybody<span class="count">3<\/span><\/a>/)
  assert.match(filters, /<a href="\/users\?role=admin">Admins<\/a>/)
})

test('a search is a form with GET that keeps the other query parameters', () => {
  const form = markup(
    searchForm(say, {
      action: '/users',
      name: 'q',
      value: '"><b>',
      label: 'Find',
      placeholder: 'Find users',
      hidden: { role: 'admin', sort: undefined },
    }),
  )
  assert.match(form, /<form class="search" method="get" action="\/users" role="search">/)
  assert.match(form, /<label class="unseen" for="q">Find<\/label>/)
  assert.match(form, /type="search" placeholder="Find users"/)
  assert.match(form, /<input type="hidden" name="role" value="admin">/)
  assert.match(form, /value="&quot;&gt;&lt;b&gt;"/)
  assert.doesNotMatch(form, /name="sort"/)
})

test('a section is named by its heading', () => {
  const part = markup(section({ id: 'danger', title: 'Danger zone', tone: 'danger', body: html`<p>x</p>` }))
  assert.match(part, /<section class="section danger" id="danger" aria-labelledby="danger-title">/)
  assert.match(part, /<h2 id="danger-title">Danger zone<\/h2>/)
})

test('rows and facts show their values as text', () => {
  const rows = markup(
    rowList([{ id: 's1', name: '<i>Firefox</i>', action: html`<button>Out</button>` }, { name: 'Safari' }]),
  )
  assert.match(rows, /<li id="s1">.*&lt;i&gt;Firefox.*<div class="action"><button>Out<\/button>/)
  assert.equal(rows.match(/class="action"/g)?.length, 1)
  assert.match(
    markup(factList([['Role', '<b>']])),
    /<dl class="facts"><div><dt>Role<\/dt><dd>&lt;b&gt;<\/dd><\/div><\/dl>/,
  )
})

test('a radio group has one name, an id for each option, and its error describes the group', () => {
  const group = markup(
    radioGroup({
      id: 'role',
      label: 'Role',
      error: 'Choose one.',
      value: 'user',
      options: [
        { value: 'admin', label: 'Admin', hint: 'Sees all' },
        { value: 'user', label: 'User' },
      ],
    }),
  )
  assert.match(group, /<fieldset class="field choices" aria-describedby="role-error"><legend>Role<\/legend>/)
  assert.match(group, /id="role" name="role" value="admin" aria-describedby="role-about"/)
  assert.match(group, /id="role-user" name="role" value="user" checked/)
  assert.equal(group.match(/checked/g)?.length, 1)
})

test('a checkbox and a select keep what was chosen', () => {
  assert.match(
    markup(checkbox({ id: 'tell', label: 'Tell', checked: true })),
    /id="tell" name="tell" value="yes" checked/,
  )
  assert.doesNotMatch(markup(checkbox({ id: 'tell', label: 'Tell' })), /checked/)
  const options = [
    { value: 'en', label: 'English' },
    { value: 'de', label: 'Deutsch' },
  ]
  const list = markup(selectField({ id: 'locale', label: 'Language', options, value: 'de' }))
  assert.match(list, /<option value="en">English<\/option><option value="de" selected>Deutsch<\/option>/)
  const hinted = options.map((option) => ({ ...option, hint: `About ${option.label}` }))
  const field = markup(selectField({ id: 'locale', label: 'Language', options: hinted, value: 'de' }))
  assert.match(field, /<label.*About Deutsch<\/p>.*<select/, 'a hint stands between label and select')
})

test('in a form of two columns hint and error follow the input', () => {
  const texts = { hint: 'Used to sign in', error: 'Is taken', autocomplete: 'off' }
  const field = { id: 'username', label: 'Username', ...texts }
  assert.match(markup(textField(field)), /<label.*-hint">Used.*-error">Is taken.*<input/)
  assert.match(markup(textField({ ...field, textsBelow: true })), /<label.*<input.*-hint">Used.*-error">Is taken/)
})

test('a copied value has no spaces between its groups, and its button is hidden until the module runs', () => {
  const field = markup(copyField({ id: 'key', label: 'Key', groups: ['AB', 'CD'], action: copyButton(say, 'key') }))
  assert.match(field, /<code id="key"><span>AB<\/span><span>CD<\/span><\/code>/)
  assert.match(field, /<button[^>]* data-copies="key" data-copied="Copied"[^>]* hidden>/)
})

test('a flash message is a sentence of the catalogue, whatever the URL contains', () => {
  const sentences = { saved: 'Saved.' }
  assert.equal(flashSentence(sentences, 'saved'), 'Saved.')
  for (const word of ['gone', 'toString', '__proto__', '<b>', undefined]) {
    assert.equal(flashSentence(sentences, word), undefined, String(word))
  }
})
