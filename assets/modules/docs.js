// Starts Swagger UI, which shows the description of the API, on the page /docs, and mends what it lacks for screen readers.

/**
 * Landmarks with names; no list of servers, as there is one only; no link inside the button that opens an operation; and the operations tag by
 * tag, because Swagger UI puts of 150 and more only those in the page that are in view, and the others could not be searched or jumped to.
 */
const accessible = ({ React }) => {
  const h = React.createElement
  const inSection = (name) => (Original) => (props) => h('section', { 'aria-label': name }, h(Original, props))
  return {
    wrapComponents: {
      operations: (Original) => (props) => {
        const tagged = props.specSelectors.taggedOperations()
        const ofTag = (tag) => ({
          ...props.specSelectors,
          taggedOperations: () => tagged.filter((_operations, one) => one === tag),
        })
        const tags = tagged.keySeq().toArray()
        return tags.map((tag) => h(Original, { ...props, key: tag, specSelectors: ofTag(tag) }))
      },
      InfoContainer: inSection('About this API'),
      AuthorizeBtnContainer: inSection('Authorization'),
      ServersContainer: () => () => null,
      DeepLink:
        () =>
        ({ text }) =>
          h('span', null, text),
    },
  }
}

const root = document.getElementById('swagger-ui')
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

new MutationObserver(complete).observe(root, { childList: true, subtree: true, attributeFilter: ['aria-label'] })

const ui = window.SwaggerUIBundle({
  domNode: root,
  url: '/openapi.json',
  presets: [window.SwaggerUIBundle.presets.apis],
  plugins: [accessible],
  layout: 'BaseLayout',
  deepLinking: true,
  docExpansion: 'list',
  persistAuthorization: false,
  syntaxHighlight: { activated: false },
  validatorUrl: null,
})
ui.initOAuth({ scopes: [] })
