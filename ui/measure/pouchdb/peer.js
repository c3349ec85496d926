// One end of the peer, by its first word: `serve DIR` is express-pouchdb, `send DIR URL` replicates to it. Both say their port.
'use strict';

const fs = require('fs');
const http = require('http');
const PouchDB = require('pouchdb');

const BATCH = 500;
const [, , role, directory, target] = process.argv;

function serve() {
  const express = require('express');
  const expressPouchdb = require('express-pouchdb');
  const app = express();
  const options = { logPath: `${directory}/log.txt`, configPath: `${directory}/config.json` };
  app.use('/', expressPouchdb(PouchDB.defaults({ prefix: `${directory}/` }), options));
  return http.createServer(app);
}

// GET /NAME: fills a database with the documents of the file NAME.json, untimed, then replicates it to a new one and says the seconds.
function send() {
  return http.createServer((request, response) => {
    replicate(request.url.slice(1)).then(
      (told) => response.end(JSON.stringify(told)),
      (error) => response.end(JSON.stringify({ error: String(error) }))
    );
  });
}

async function replicate(name) {
  const documents = JSON.parse(fs.readFileSync(`${directory}/${name}.json`, 'utf8'));
  const source = new PouchDB(`${directory}/source-${name}`);
  for (let first = 0; first < documents.length; first += BATCH) {
    await source.bulkDocs(documents.slice(first, first + BATCH));
  }
  const begun = process.hrtime.bigint();
  const done = await source.replicate.to(`${target}/${name}`, { batch_size: BATCH });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  await source.close();
  return { seconds, written: done.docs_written };
}

const server = role === 'serve' ? serve() : send();
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
