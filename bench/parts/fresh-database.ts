import pg from 'pg'

/** Makes an empty database on a server and gives its URL. The name must be a plain identifier. */
export async function freshDatabase(server: string, name: string): Promise<string> {
  const admin = new pg.Client({connectionString: server})
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  return Object.assign(new URL(server), {pathname: `/${name}`}).href
}
