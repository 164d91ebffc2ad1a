// bpmn-engine (npm) behind the same four addresses. It keeps nothing of itself, so its state goes to PostgreSQL as it gives it:
// after the start, and after each completion, in which it is restored first. Needs bpmn-engine and pg (RIVALS_NODE).
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { EventEmitter } from 'node:events';

const require = createRequire(process.env.RIVALS_NODE + '/');
const { Engine } = require('bpmn-engine');
const { Pool } = require('pg');

const source = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://x" id="d">
<process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="t"/>
<userTask id="t"/><sequenceFlow id="b" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>`;
const url = new URL(process.env.BARE_DATABASE_URL.replace('postgresql+psycopg', 'http').replace('@/', '@local/'));
const pool = new Pool({ user: url.username, password: url.password, database: url.pathname.slice(1), host: url.searchParams.get('host'), max: 8 });
await pool.query('CREATE TABLE IF NOT EXISTS rival (key bigserial PRIMARY KEY, state jsonb NOT NULL, open boolean NOT NULL)');

async function start() {
  const engine = new Engine({ name: 'p', source });
  const listener = new EventEmitter();
  const waits = new Promise((resolve) => listener.once('activity.wait', resolve));
  const execution = await engine.execute({ listener });
  await waits;
  const state = await engine.getState();
  execution.stop();
  const made = await pool.query('INSERT INTO rival (state, open) VALUES ($1, true) RETURNING key', [JSON.stringify(state)]);
  return [200, { processInstanceKey: String(made.rows[0].key) }];
}

async function complete(key) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const found = await client.query('SELECT state FROM rival WHERE key = $1 AND open FOR UPDATE', [key]);
    const engine = new Engine({ name: 'p' }).recover(found.rows[0].state);
    const listener = new EventEmitter();
    listener.once('activity.wait', (task) => task.signal());
    const ended = new Promise((resolve) => engine.once('end', resolve));
    await engine.resume({ listener });
    await ended;
    await client.query('UPDATE rival SET state = $2, open = false WHERE key = $1', [key, JSON.stringify(await engine.getState())]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
  return [204, null];
}

async function tasks(body) {
  const keys = body.filter?.processInstanceKey?.$in ?? [];
  const found = await pool.query('SELECT key FROM rival WHERE key = ANY($1::bigint[]) AND open', [keys]);
  return [200, { items: found.rows.map((row) => ({ userTaskKey: String(row.key) })) }];
}

createServer(async (request, response) => {
  let text = '';
  for await (const part of request) text += part;
  const done = request.url.match(/^\/v2\/user-tasks\/(\d+)\/completion$/);
  let answer = [200, { deployments: [], brokers: [] }];
  try {
    if (request.url === '/v2/process-instances') answer = await start();
    else if (request.url === '/v2/user-tasks/search') answer = await tasks(JSON.parse(text));
    else if (done) answer = await complete(done[1]);
  } catch (error) {
    answer = [500, { detail: String(error) }];
  }
  const content = answer[1] === null ? '' : JSON.stringify(answer[1]);
  response.writeHead(answer[0], { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) });
  response.end(content);
}).listen(Number(process.env.PORT), '127.0.0.1');
