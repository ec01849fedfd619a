// On /docs: searches the operations as one types, and shows an operation that is opened by Swagger UI, which is loaded at the first one.
const root = document.getElementById('swagger-ui')
const operations = document.getElementById('operations')
const groups = [...operations.children]
const form = document.querySelector('.search')

/** Without a request, so that what was authorized and answered stays. */
function search() {
  const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean)
  let count = 0
  for (const group of groups) {
    let found = 0
    for (const operation of group.querySelectorAll('.operation')) {
      const text = operation.firstElementChild.textContent.toLowerCase()
      operation.hidden = !words.every((word) => text.includes(word))
      if (!operation.hidden) found += 1
    }
    group.hidden = found === 0
    group.querySelector('.count').textContent = found
    group.open = words.length > 0 || group.querySelector('.operation[open]') !== null
    count += found
  }
  document.getElementById('found').textContent = count === 1 ? '1 operation' : `${count} operations`
}

// What a search of the server left out is not in the page.
if (!new URLSearchParams(location.search).get('q')) {
  form.addEventListener('input', search)
  form.addEventListener('submit', (event) => event.preventDefault())
}

/** The URL of an operation opens it; older browsers open only what lies around it. */
function openNamed() {
  let around = document.getElementById(location.hash.slice(1))?.closest('.operation')
  if (!around) return
  for (; around && around !== operations; around = around.parentElement) around.open = true
}
let program

async function show(operation) {
  const shown = operation.lastElementChild
  history.replaceState(null, '', `#${shown.id}`)
  // Another one above it was closed.
  operation.firstElementChild.scrollIntoView({ block: 'nearest' })
  root.hidden = true
  shown.append(root)
  shown.setAttribute('aria-busy', 'true')
  try {
    const { ui, description } = await (program ??= load())
    // Another one may have been opened since.
    if (root.parentElement === shown) ui.specActions.updateSpec(JSON.stringify(descriptionOf(description, shown.id)))
    root.hidden = false
  } catch {
    program = undefined
    shown.append('It could not be loaded. Open it again.')
  } finally {
    shown.removeAttribute('aria-busy')
  }
}

async function load() {
  const { program: source, styles } = root.dataset
  const answer = fetch('/openapi.json').then((response) => response.json())
  await Promise.all([
    added('script', { src: source }),
    ...styles.split(' ').map((href) => added('link', { rel: 'stylesheet', href })),
  ])
  return { ui: start(), description: await answer }
}

function added(name, properties) {
  return new Promise((resolve, reject) => {
    document.head.append(
      Object.assign(document.createElement(name), { ...properties, onload: resolve, onerror: reject }),
    )
  })
}

/** The description of one operation, with what it refers to: little to parse. Errors are all of one form, so only their codes are shown. */
function descriptionOf(description, id) {
  const { paths, components, ...rest } = description
  const kept = { securitySchemes: components.securitySchemes }
  const keep = (part) => {
    for (const [, kind, name] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      kept[kind] ??= {}
      if (name in kept[kind]) continue
      kept[kind][name] = components[kind][name]
      keep(kept[kind][name])
    }
  }
  for (const [path, methods] of Object.entries(paths)) {
    const method = Object.keys(methods).find((one) => methods[one].operationId === id)
    if (method === undefined) continue
    const responses = Object.entries(methods[method].responses).map(([status, answer]) => {
      return [status, status < 400 ? answer : { description: answer.description }]
    })
    const operation = { ...methods[method], responses: Object.fromEntries(responses) }
    keep(operation)
    return { ...rest, paths: { [path]: { [method]: operation } }, components: kept }
  }
}

/** Shows the operation alone, with the button that authorizes: names and summary stand in the page. */
const oneOperation = ({ React }) => {
  const h = React.createElement
  return {
    components: {
      OneOperation: ({ getComponent }) =>
        h(
          'div',
          { className: 'swagger-ui' },
          h(getComponent('SvgAssets')),
          h('section', { 'aria-label': 'Authorization' }, h(getComponent('AuthorizeBtnContainer', true))),
          h(getComponent('errors', true)),
          h(getComponent('operations', true)),
        ),
    },
    wrapComponents: {
      DeepLink:
        () =>
        ({ text }) =>
          h('span', null, text),
    },
  }
}

function start() {
  const ui = window.SwaggerUIBundle({
    domNode: root,
    spec: {},
    presets: [window.SwaggerUIBundle.presets.apis],
    plugins: [oneOperation],
    layout: 'OneOperation',
    docExpansion: 'full',
    persistAuthorization: false,
    syntaxHighlight: { activated: false },
    validatorUrl: null,
  })
  ui.initOAuth({ scopes: [] })
  new MutationObserver(complete).observe(root, { childList: true, subtree: true, attributeFilter: ['aria-label'] })
  return ui
}

/** What last had the focus outside the dialog, which moves it into its last field. */
let opener
let isOpen = false
root.addEventListener('focusin', ({ target }) => {
  if (target.closest('.dialog-ux') === null) opener = target
})

/** Adds names and roles that no option of Swagger UI sets; it does not change these attributes again. */
function complete() {
  for (const list of root.querySelectorAll('select:not([aria-label], [id])')) list.setAttribute('aria-label', 'Example')
  for (const table of root.querySelectorAll('table[role="region"]')) table.removeAttribute('role')
  // Who speaks to the browser says what stands on the button.
  for (const button of root.querySelectorAll('.modal-btn[aria-label]')) {
    const [label, text] = [button.getAttribute('aria-label'), button.textContent]
    if (!label.startsWith(text)) button.setAttribute('aria-label', `${text}: ${label}`)
  }
  completeDialog(root.querySelector('.modal-ux'))
}

function completeDialog(dialog) {
  if (isOpen === (dialog !== null)) return
  isOpen = !isOpen
  if (!isOpen) {
    for (const outside of document.querySelectorAll('[inert]')) outside.inert = false
    opener?.focus()
    return
  }
  dialog.setAttribute('role', 'dialog')
  dialog.setAttribute('aria-modal', 'true')
  dialog.setAttribute('aria-label', 'Available authorizations')
  for (let inner = dialog.closest('.dialog-ux'); inner !== document.body; inner = inner.parentElement)
    for (const beside of inner.parentElement.children) beside.inert = beside !== inner
  const close = dialog.querySelector('.close-modal')
  close.setAttribute('aria-label', 'Close')
  close.focus()
  dialog.querySelector('.modal-ux-content').scrollTop = 0
}

addEventListener('hashchange', openNamed)
openNamed()

operations.addEventListener('toggle', ({ target }) => target.matches('.operation[open]') && show(target), true)
const alreadyOpen = operations.querySelector('.operation[open]')
if (alreadyOpen) void show(alreadyOpen)
