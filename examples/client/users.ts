// Creates a user, and changes each one that is found and was not changed by others since it was read.
import { createDoorward, everyItem, isRefusal, waits } from '@doorward/client'

const doorward = createDoorward({ url: process.env['URL'] ?? '', token: process.env['TOKEN'] ?? '' })

try {
  await doorward.createUser({ body: { username: 'grace', email: 'grace@example.org' } })
} catch (error) {
  if (!isRefusal(error, 'createUser')) throw error
  switch (error.code) {
    case 'user.username_taken':
      console.log('There is a grace already.')
      break
    default:
      throw error
  }
}

for await (const found of everyItem(doorward.listUsers, { q: 'grace' })) {
  const user = await doorward.getUser({ id: found.id })
  const changed = await doorward.changeUser({ id: user.id, body: { full_name: 'Grace Hopper' }, ifMatch: user })
  if (waits(changed)) console.log(`Waits for a second admin until ${changed.expires_at}.`)
  else console.log(`${changed.username} is ${changed.full_name} now.`)
}
