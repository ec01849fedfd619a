// What the server finds about itself.

export const checkup = {
  title: 'Check-up',
}
