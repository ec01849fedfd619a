// Generated users with names of many languages, so that lists and counts are tested at a realistic size.
import { insertUser, type NewUser } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days, hours, type Instant, minutes } from '#foundation/kernel/time.ts'
import type { Server } from '../server/start.ts'

interface NameList {
  readonly given: readonly string[]
  readonly family: readonly string[]
  /** The family name comes first, without a space after it. */
  readonly familyFirst?: true
}

/** The names by region; `SHARES` weights them. */
const NAME_LISTS: readonly NameList[] = [
  {
    given: ['Amelia', 'Oliver', 'Niamh', 'Rhys', 'Isla', 'Callum', 'Maeve', 'Hugh', 'Imogen', 'Ewan', 'Ffion', 'Tom'],
    family: ['Smith', 'O’Connell', 'MacLeod', 'Evans', 'Hargreaves', 'Doyle', 'Whitworth', 'Kaur-Bennett', 'Ashe'],
  },
  {
    given: ['Lena', 'Jürgen', 'Karl-Heinz', 'Sofie', 'Björn', 'Åsa', 'Ærø', 'Ilse', 'Matthäus', 'Dagný', 'Łukasz'],
    family: ['Müller', 'Strauß', 'Ångström', 'Sørensen', 'Wiśniewski', 'Jónsdóttir', 'van der Velde', 'Nováková'],
  },
  {
    given: ['José María', 'Inês', 'Ximena', 'Guadalupe', 'Beñat', 'Thaís', 'Rodrigo', 'Noémie', 'Loïc', 'Chiara'],
    family: ['García Márquez', 'Gonçalves', 'Núñez', 'Etxeberria', 'Dell’Acqua', 'de la Fontaine', 'Ribeiro'],
  },
  {
    given: ['Chinedu', 'Ọlámidé', 'Amina', 'Thandiwe', 'Kwame', 'Nguyễn Thị', 'Priyanka', 'Aroha', 'Ayşe', 'Dilnoza'],
    family: ['Okonkwo', 'Adébáyọ̀', 'Mwangi', 'Dlamini', 'Minh Khai', 'Subramaniam', 'Yılmaz', 'Te Awa', 'Karimova'],
  },
  {
    given: ['ليلى', 'محمد', 'فاطمة', 'يوسف', 'زينب', 'خالد'],
    family: ['الحدّاد', 'المصري', 'بن سليمان', 'العبد الله', 'الخطيب'],
  },
  { given: ['נועה', 'דוד', 'תמר', 'יעקב', 'שירה'], family: ['בן־דוד', 'כהן', 'לוי', 'מזרחי', 'אברהמי'] },
  { given: ['太郎', '花子', '美咲', '健一'], family: ['山田', '佐々木', '渡辺', '鈴木'], familyFirst: true },
  { given: ['伟', '秀英', '丽娟', '建国'], family: ['王', '欧阳', '陈', '张'], familyFirst: true },
  { given: ['민준', '서연', '지우'], family: ['김', '이', '박', '남궁'], familyFirst: true },
  { given: ['Ольга', 'Дмитрий', 'Ελένη', 'Γιώργος'], family: ['Иванова', 'Παπαδοπούλου', 'Шевченко'] },
  {
    given: [
      'Maximiliane Theodora Wilhelmina',
      'Wolfeschlegelsteinhausenbergerdorff-Maria',
      'Uvuvwevwevwe Onyetenyevwe',
    ],
    family: ['Wolkenstein-Trostburg von und zu Hohenschwangau', 'Ugwemuhwem Osas', 'Schmidt-Rottluff-Leutheusser'],
  },
]
/** How many of a hundred users have a name of each of the regions above. */
const SHARES = [26, 20, 16, 14, 6, 4, 4, 3, 2, 4, 1]

/** Inserts users whose creation is spread over the last month of the server's clock. The same users in each run. */
export async function insertGeneratedUsers(server: Server, size: number): Promise<void> {
  const ctx = server.operator()
  const perDay = Math.ceil(size / 30)
  for (let first = 0; first < size; first += perDay) {
    const joined = ctx.now - days(29 - Math.floor(first / perDay)) - hours(1)
    const last = Math.min(first + perDay, size)
    await inTransaction({ ...ctx, now: joined }, async (tx) => {
      for (let index = first; index < last; index++) {
        const user = await insertUser(tx, personAt(index, joined))
        await setHistory(tx, user.id, index, ctx.now)
      }
    })
  }
}

function personAt(index: number, joined: Instant): NewUser {
  const { given, family, familyFirst } = namesAt(index)
  const turn = Math.floor(index / 100)
  const [first, last] = [nth(given, index + turn), nth(family, index * 3 + turn)]
  const fullName = familyFirst ? last + first : `${first} ${last}`
  const isSetUp = index % 10 < 8
  return {
    username: usernameOf(first, last, index),
    fullName: index % 17 === 0 ? null : fullName,
    email: index % 6 === 0 ? null : `${plain(first) || 'post'}.${plain(last) || 'box'}${index}@example.org`,
    role: index % 900 === 7 ? 'admin' : 'user',
    hashedPassword: isSetUp ? Secret.of('$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$bm9ib2R5IGNhbiBzaWduIGlu') : null,
    secondFactorAt: isSetUp ? joined : null,
    invitedAt: index % 10 === 8 ? joined : null,
  }
}

/** Sets the columns that `insertUser` does not take: the last sign-in, and whether the user is disabled. */
async function setHistory(
  { db }: Pick<ReturnType<Server['operator']>, 'db'>,
  id: number,
  index: number,
  now: Instant,
): Promise<void> {
  const wasHere = index % 10 < 8 && index % 23 !== 0
  const at = now - minutes(2) * ((index * 7919) % 20_000)
  const change = { ...(wasHere && { last_sign_in_at: at }), ...(index % 41 === 0 && { disabled: 1 }) }
  if (Object.keys(change).length === 0) return
  await db.updateTable('users').set(change).where('id', '=', id).execute()
}

function namesAt(index: number): NameList {
  // Consecutive users have names of different regions.
  let left = (index * 37) % 100
  const at = SHARES.findIndex((share) => (left -= share) < 0)
  return NAME_LISTS[at] ?? nth(NAME_LISTS, 0)
}

/** Most usernames consist of Latin letters; a name without any keeps its own script. */
function usernameOf(given: string, family: string, index: number): string {
  const latin = `${plain(given)}.${plain(family)}`
  return latin === '.' ? `${given}${index}` : `${latin.slice(0, 58)}${index}`
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
}

function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('An empty list has no items')
  return item
}
