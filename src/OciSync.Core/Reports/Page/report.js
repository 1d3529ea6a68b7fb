
'use strict';
// The table of all rows. What a row says becomes text of the page, never markup.
(() => {
  const pageSize = 100;
  const shown = ['Status', 'Source', 'Destination', 'Digest', 'Platforms', 'Change', 'BytesCopied', 'Duration'];
  const names = {
    BytesCopied: 'Copied', Duration: 'Time', BytesMounted: 'Mounted', BytesSkipped: 'There already', RetryCount: 'Attempts again',
    SourceReads: 'Reads of the source', ReferrersCopied: 'Referrers copied', SignaturesCopied: 'Signatures copied', StartTime: 'Began', ErrorId: 'Error id', SourceDigest: 'Digest at the source',
    PreviousDigest: 'Digest at the destination before', DigestBefore: 'Digest in the earlier run', StatusBefore: 'Status in the earlier run', RunId: 'Run',
  };
  const data = JSON.parse(document.getElementById('data').textContent);
  const columns = data.columns.map(([name, kind], index) => ({ name, kind, index }));
  const byName = new Map(columns.map(column => [column.name, column]));
  const tableColumns = shown.map(name => byName.get(name)).filter(column => column);
  const table = document.getElementById('table');
  const body = table.tBodies[0];
  const words = document.getElementById('words');
  const status = document.getElementById('status');
  const change = document.getElementById('change');
  const collator = new Intl.Collator('en', { numeric: true });
  const haystacks = new Array(data.rows.length);
  let order = data.rows.map((_, index) => index);
  let found = order;
  let page = 0;

  const label = column => names[column.name] ?? column.name;
  const raw = (row, column) => column.kind === 'text' ? data.texts[row[column.index]] ?? '' : row[column.index];
  const field = (row, name) => byName.has(name) ? raw(row, byName.get(name)) : '';

  function bytes(count) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    let unit = 0;
    for (; count >= 1024 && unit < units.length - 1; unit++) { count /= 1024; }
    return (unit === 0 ? String(count) : count.toFixed(1)) + ' ' + units[unit];
  }

  // As Quantities.Span writes it: whole numbers alone, so that both round alike.
  function span(micro) {
    const whole = (add, by) => Math.floor((micro + add) / by);
    const [milli, tenths, seconds] = [whole(500, 1000), whole(50000, 100000), whole(500000, 1000000)];
    if (micro <= 0) { return '0 ms'; }
    if (micro < 1000) { return '< 1 ms'; }
    if (milli < 1000) { return milli + ' ms'; }
    if (tenths < 600) { return Math.floor(tenths / 10) + '.' + tenths % 10 + ' s'; }
    if (seconds < 3600) { return Math.floor(seconds / 60) + ' min ' + seconds % 60 + ' s'; }
    return Math.floor((seconds + 30) / 3600) + ' h ' + Math.floor((seconds + 30) / 60) % 60 + ' min';
  }

  function text(row, column) {
    const value = raw(row, column);
    switch (column.kind) {
      case 'bytes': return bytes(value);
      case 'span': return span(value);
      case 'time': return value < 0 ? '' : new Date(value).toISOString().replace('T', ' ').replace('Z', ' UTC');
      default: return String(value);
    }
  }

  function element(name, content, attributes = {}) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) { made.setAttribute(attribute, value); }
    made.append(...[content].flat());
    return made;
  }

  // Finding: each word has to be somewhere in what the row says.
  function haystack(index) {
    return haystacks[index] ??= columns.filter(c => c.kind === 'text').map(c => raw(data.rows[index], c)).join('\n').toLowerCase();
  }

  function find() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(word => word);
    // What is gone is of the earlier run: it is shown where it is asked for.
    found = order.filter(index =>
      (change.value === '' ? index < data.own : field(data.rows[index], 'Change') === change.value)
      && (status.value === '' || field(data.rows[index], 'Status') === status.value)
      && wanted.every(word => haystack(index).includes(word)));
    page = 0;
    show();
  }

  function sort(column, heading) {
    const down = heading.getAttribute('aria-sort') === 'ascending';
    for (const other of heading.parentElement.children) { other.setAttribute('aria-sort', 'none'); }
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const compare = column.kind === 'text'
      ? (a, b) => collator.compare(raw(data.rows[a], column), raw(data.rows[b], column))
      : (a, b) => data.rows[a][column.index] - data.rows[b][column.index];
    order.sort((a, b) => (down ? compare(b, a) : compare(a, b)) || a - b);
    find();
  }

  // A name that does not fit breaks after a slash rather than inside a word.
  function breakable(name) {
    return name.split(/(?<=\/)/).flatMap((part, index) => index === 0 ? [part] : [document.createElement('wbr'), part]);
  }

  function cell(row, column) {
    const attributes = { role: 'cell', 'data-label': label(column) };
    if (column.kind !== 'text') { attributes.class = 'number'; }
    const value = text(row, column);
    if (column.name === 'Source' || column.name === 'Destination') { return element('td', breakable(value), attributes); }
    if (column.name === 'Change' && value === 'New' && field(row, 'Status') === 'UpToDate') {
      return element('td', value + ' (was there)', attributes);
    }

    if (column.name !== 'Digest' || value === '') { return element('td', value, attributes); }
    return element('td', element('code', value.slice(0, 19), { title: value }), attributes);
  }

  function rowOf(index) {
    const row = data.rows[index];
    const cells = tableColumns.map(column => cell(row, column));
    const state = index < data.own ? field(row, 'Status') : 'Gone';
    const more = element('button', element('b', state), { type: 'button', class: 'more ' + state, 'aria-expanded': 'false' });
    cells[0].replaceChildren(more);
    const reason = field(row, 'Error') || field(row, 'Reason');
    if (reason) { cells[2].append(element('p', reason, { class: 'reason' })); }
    const made = element('tr', cells, { role: 'row' });
    more.addEventListener('click', () => toggle(more, made, row));
    return made;
  }

  // All that is known of a row, below it.
  function toggle(more, made, row) {
    const open = more.getAttribute('aria-expanded') === 'true';
    more.setAttribute('aria-expanded', String(!open));
    if (open) {
      made.nextElementSibling.remove();
      return;
    }

    // What stands in the row itself is not said again.
    const said = field(row, 'Error') || field(row, 'Reason');
    const isSaid = column => (column.name === 'Error' || column.name === 'Reason') && raw(row, column) === said;
    const isGone = field(row, 'Change') === 'Gone';
    const known = columns.filter(column => !isSaid(column) && !(isGone && column.name === 'Status') && raw(row, column) !== '' && raw(row, column) !== 0 && raw(row, column) !== -1);
    const list = element('dl', known.map(column => element('div', [element('dt', label(column)), element('dd', text(row, column))])), { class: 'advice' });
    made.after(element('tr', element('td', list, { role: 'cell', colspan: tableColumns.length }), { role: 'row', class: 'all' }));
  }

  function show() {
    const first = page * pageSize;
    const part = found.slice(first, first + pageSize);
    body.replaceChildren(...part.map(rowOf));
    const count = number => number.toLocaleString('en');
    document.getElementById('found').textContent = found.length === data.own
      && change.value !== 'Gone' ? count(found.length) + ' rows' : count(found.length) + (change.value === 'Gone' ? ' rows of the earlier run' : ' of ' + count(data.own) + ' rows');
    document.getElementById('page').textContent = part.length === 0
      ? 'No rows' : 'Rows ' + count(first + 1) + ' to ' + count(first + part.length) + ' of ' + count(found.length);
    document.getElementById('before').disabled = page === 0;
    document.getElementById('after').disabled = first + pageSize >= found.length;
  }

  function turn(by) {
    page += by;
    show();
    table.scrollIntoView();
  }

  function prepare() {
    const head = table.tHead.rows[0];
    for (const column of tableColumns) {
      const button = element('button', label(column), { type: 'button' });
      const heading = element('th', button, { scope: 'col', role: 'columnheader', 'aria-sort': 'none' });
      if (column.kind !== 'text') { heading.className = 'number'; }
      button.addEventListener('click', () => sort(column, heading));
      head.append(heading);
    }

    const states = new Set(data.rows.slice(0, data.own).map(row => field(row, 'Status')));
    for (const state of [...states].sort()) { status.append(element('option', state, { value: state })); }
    const changes = new Set(data.rows.map(row => field(row, 'Change')).filter(value => value));
    for (const value of [...changes].sort()) { change.append(element('option', value, { value })); }
    change.parentElement.hidden = changes.size === 0;
    words.addEventListener('input', find);
    change.addEventListener('change', find);
    status.addEventListener('change', find);
    document.getElementById('before').addEventListener('click', () => turn(-1));
    document.getElementById('after').addEventListener('click', () => turn(1));
    for (const part of ['find', 'table', 'pages']) { document.getElementById(part).hidden = data.rows.length === 0; }
  }

  // Links that lead to a part of the table: a status, a change, or another word.
  function follow(link) {
    const wanted = link.dataset.filter ?? '';
    const isState = [...status.options].some(option => option.value === wanted);
    change.value = link.dataset.change ?? '';
    status.value = isState ? wanted : '';
    words.value = isState ? '' : wanted;
    find();
  }

  async function copy(button) {
    const code = button.parentElement.querySelector('code');
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      // A browser that gives no clipboard to a file: the text is selected, for the keyboard.
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
  }

  prepare();
  find();
  for (const link of document.querySelectorAll('[data-filter], [data-change]')) { link.addEventListener('click', () => follow(link)); }
  for (const button of document.querySelectorAll('.copy')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button));
  }
})();
