// Notifies waiting tabs of a sign-in in this tab; a waiting tab loads its page again when it is notified.
const channel = new BroadcastChannel('doorward')
const { signedIn, waits } = document.documentElement.dataset
if (signedIn !== undefined) channel.postMessage('signed-in')
if (waits !== undefined) {
  channel.addEventListener('message', ({ data }) => {
    // A reload would submit a form again.
    if (data === 'signed-in') location.replace(location.pathname + location.search)
  })
}
