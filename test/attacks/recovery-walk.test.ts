// Random sequences of sign-in, recovery, enrolment, step-up, approval and objection, by owners and a thief, compared with a model: no session
// without its proofs, and nobody loses the way in but by an act that may take it.
import { claimed, exhaustive } from '../support/runner/scope.ts'
import { walk } from '../support/walk/walk.ts'

const SEED = Number(process.env.WALK_SEED ?? 1)
const CLAIM = 'random acts get only the answers of the model, sessions only by proofs, and nobody is locked out'

claimed(`${CLAIM} (sqlite)`, async (t) => {
  const tally = await walk(t, { seed: SEED, steps: Number(process.env.WALK_STEPS ?? 3_000), dialect: 'sqlite' })
  if (process.env.WALK_TALLY) console.log(JSON.stringify([...tally].toSorted(), null, 1))
})

exhaustive(`${CLAIM}, in 100,000 steps (sqlite)`, async (t) => {
  await walk(t, { seed: SEED, steps: 100_000, dialect: 'sqlite' })
})

exhaustive(`${CLAIM}, in 5,000 steps (postgres)`, async (t) => {
  await walk(t, { seed: SEED, steps: 5_000, dialect: 'postgres' })
})
