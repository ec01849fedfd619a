// Tells the other tabs that somebody signed in here, and goes on when it happened there.
const channel = new BroadcastChannel('doorward')
const { signedIn, waits } = document.documentElement.dataset
if (signedIn !== undefined) channel.postMessage('signed-in')
if (waits !== undefined) channel.addEventListener('message', ({ data }) => data === 'signed-in' && location.reload())
