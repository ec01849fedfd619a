// Tells the tabs that wait that somebody is signed in here, and goes on when it happened there.
const channel = new BroadcastChannel('doorward')
const { signedIn, waits } = document.documentElement.dataset
if (signedIn !== undefined) channel.postMessage('signed-in')
if (waits !== undefined) {
  channel.addEventListener('message', ({ data }) => {
    // Not a reload, which would send a form again.
    if (data === 'signed-in') location.replace(location.pathname + location.search)
  })
}
