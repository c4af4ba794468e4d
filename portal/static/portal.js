// Progressive enhancement only: every page works without this file.
import { initAll } from './vendor/nhsuk/nhsuk-frontend-10.6.1.min.js'

initAll()

// Long lists of checkboxes: a box above the groups narrows them while typing.
for (const fieldset of document.querySelectorAll('fieldset')) {
  const groups = [...fieldset.querySelectorAll('details.app-choice-group')]
  if (groups.length) addNarrowing(fieldset, groups)
}

// A link to something that is folded away opens it, also in browsers that do not do so themselves.
const unfoldTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  const folds = []
  for (let fold = target?.closest('details'); fold; fold = fold.parentElement.closest('details')) folds.push(fold)
  if (folds.every((fold) => fold.open)) return
  for (const fold of folds) fold.open = true
  target.scrollIntoView()
}
window.addEventListener('hashchange', unfoldTarget)
unfoldTarget()

// On a small screen the results come below the filters: fold them away, and within them those that
// are not in use. On a wide one the fold has no handle, so it opens with the window.
const isSmall = window.matchMedia('(max-width: 40em)')
const foldFilters = () => {
  for (const fold of document.querySelectorAll('.app-filter__fold')) fold.open = !isSmall.matches
}
isSmall.addEventListener('change', foldFilters)
foldFilters()
if (isSmall.matches) {
  for (const group of document.querySelectorAll('.app-filter .nhsuk-details')) {
    group.open = group.querySelector('input:checked') !== null
  }
}

// A search box may offer names while somebody types: an ARIA 1.2 combobox with a list.
for (const input of document.querySelectorAll('input[data-suggest]')) addSuggestions(input)

// A box beside a form may say what its answers lead to, while somebody types.
for (const box of document.querySelectorAll('[data-live]')) {
  const form = document.querySelector(`button[formaction^="${box.dataset.live}"]`)?.form
  if (form) keepLive(box, form)
}

// What is being worked out: when it is there, a page that only waits opens anew; one that is being
// read says so in the link.
for (const link of document.querySelectorAll('a[data-ready]')) waitFor(link, 20)

function waitFor (link, times) {
  if (times) setTimeout(() => look(link, times), 1500)
}

async function look (link, times) {
  try {
    const answer = await fetch(link.dataset.ready, { headers: { Accept: 'application/json' } })
    if (answer.ok && (await answer.json()).ready) return tellReady(link)
  } catch {
    return
  }
  waitFor(link, times - 1)
}

function tellReady (link) {
  if (!link.dataset.readyText) return location.assign(link.href)
  link.textContent = link.dataset.readyText
  link.parentElement.setAttribute('role', 'status')
}

function keepLive (box, form) {
  let wait = 0
  let asked = 0
  let said = ''
  form.addEventListener('input', () => {
    clearTimeout(wait)
    wait = setTimeout(async () => {
      const number = ++asked
      const part = await answer(box.dataset.live, form)
      // What did not change is not said again to those who listen.
      if (part && number === asked && part !== said) box.innerHTML = said = part
    }, 600)
  })
}

async function answer (address, form) {
  try {
    const sent = await fetch(`${address}${address.includes('?') ? '&' : '?'}part=1`, { method: 'POST', body: new FormData(form) })
    return sent.ok ? (await sent.json()).part : ''
  } catch {
    return ''
  }
}

function addNarrowing (fieldset, groups) {
  const id = `${fieldset.querySelector('input').id}-narrow`
  const label = document.createElement('label')
  label.className = 'nhsuk-label'
  label.htmlFor = id
  label.textContent = 'Show only options that contain'
  const input = document.createElement('input')
  input.className = 'nhsuk-input nhsuk-input--width-20'
  input.id = id
  input.type = 'search'
  input.autocomplete = 'off'
  const status = document.createElement('p')
  status.className = 'nhsuk-u-visually-hidden'
  status.setAttribute('role', 'status')
  const box = document.createElement('div')
  box.className = 'nhsuk-form-group app-narrow'
  box.append(label, input, status)
  groups[0].before(box)
  input.addEventListener('input', () => { status.textContent = narrow(groups, input.value) })
  input.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault() })
}

function narrow (groups, typed) {
  const wanted = typed.trim().toLowerCase()
  let shown = 0
  for (const group of groups) {
    const name = group.querySelector('summary').textContent.toLowerCase()
    let any = false
    for (const item of group.querySelectorAll('.nhsuk-checkboxes__item')) {
      const fits = !wanted || name.includes(wanted) || item.textContent.toLowerCase().includes(wanted)
      item.hidden = !fits
      any = any || fits
      shown += fits ? 1 : 0
    }
    group.hidden = !any
    if (wanted) group.open = any
  }
  return wanted ? `${shown} options shown` : ''
}

function addSuggestions (input) {
  const list = document.createElement('ul')
  list.id = `${input.id}-suggestions`
  list.className = 'app-suggest__list'
  list.hidden = true
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', 'Suggestions')
  const status = document.createElement('p')
  status.className = 'nhsuk-u-visually-hidden'
  status.setAttribute('role', 'status')
  const box = document.createElement('div')
  box.className = 'app-suggest'
  input.before(box)
  box.append(input, list, status)
  // A search field may not have the role; nothing else changes for who types in it.
  input.type = 'text'
  input.setAttribute('enterkeyhint', 'search')
  input.setAttribute('role', 'combobox')
  input.setAttribute('aria-autocomplete', 'list')
  input.setAttribute('aria-haspopup', 'listbox')
  input.setAttribute('aria-controls', list.id)
  input.setAttribute('aria-expanded', 'false')
  const state = { input, list, status, chosen: -1, typed: input.value, wait: 0, asked: 0 }
  input.addEventListener('input', () => later(state))
  input.addEventListener('keydown', (event) => onKey(state, event))
  input.addEventListener('blur', () => fold(state))
  // The field keeps the focus while an option is pressed.
  list.addEventListener('mousedown', (event) => event.preventDefault())
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role="option"]')
    if (option) take(state, option)
  })
}

function later (state) {
  state.typed = state.input.value
  clearTimeout(state.wait)
  state.wait = setTimeout(() => offer(state), 150)
}

async function offer (state) {
  const typed = state.typed.trim()
  const number = ++state.asked
  const items = typed.length < 2 ? [] : await suggested(state.input.dataset.suggest, typed)
  // An answer that comes late, or after the field was left, is not for what stands there now.
  if (number !== state.asked || document.activeElement !== state.input) return
  state.list.replaceChildren(...items.map((item, place) => option(state, item, place)))
  state.chosen = -1
  state.input.removeAttribute('aria-activedescendant')
  open(state, items.length > 0)
  state.status.textContent = typed.length < 2 ? '' : `${items.length || 'No'} suggestion${items.length === 1 ? '' : 's'}`
}

async function suggested (address, typed) {
  try {
    const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`, { headers: { Accept: 'application/json' } })
    return answer.ok ? (await answer.json()).items : []
  } catch {
    return []
  }
}

function option (state, item, place) {
  const row = document.createElement('li')
  row.id = `${state.list.id}-${place}`
  row.className = 'app-suggest__option'
  row.dataset.text = item.text
  row.setAttribute('role', 'option')
  row.setAttribute('aria-selected', 'false')
  const kind = document.createElement('span')
  kind.className = 'app-suggest__kind'
  kind.textContent = ` ${item.kind}`
  row.append(item.text, kind)
  return row
}

function onKey (state, event) {
  const last = state.list.children.length - 1
  if (event.key === 'Escape' && !state.list.hidden) {
    event.preventDefault()
    state.input.value = state.typed
    fold(state)
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && last >= 0) {
    event.preventDefault()
    open(state, true)
    const step = event.key === 'ArrowDown' ? 1 : -1
    choose(state, state.chosen < 0 && step < 0 ? last : (state.chosen + step + last + 2) % (last + 2))
  } else if (event.key === 'Enter' && !state.list.hidden && state.list.children[state.chosen]) {
    event.preventDefault()
    take(state, state.list.children[state.chosen])
  } else if (event.key === 'Tab') {
    fold(state)
  }
}

// One place after the last option is the field itself, with what was typed.
function choose (state, place) {
  const rows = [...state.list.children]
  state.chosen = place < rows.length ? place : -1
  rows.forEach((row, number) => row.setAttribute('aria-selected', String(number === state.chosen)))
  const row = rows[state.chosen]
  state.input.value = row ? row.dataset.text : state.typed
  if (row) {
    state.input.setAttribute('aria-activedescendant', row.id)
    row.scrollIntoView({ block: 'nearest' })
  } else {
    state.input.removeAttribute('aria-activedescendant')
  }
}

function take (state, row) {
  state.input.value = row.dataset.text
  fold(state)
  // What is looked for is sent at once; what fills a field of a longer form is not.
  if (!('suggestFills' in state.input.dataset)) state.input.form.requestSubmit()
}

function open (state, shown) {
  state.list.hidden = !shown
  state.input.setAttribute('aria-expanded', String(shown))
}

function fold (state) {
  clearTimeout(state.wait)
  state.asked++
  state.chosen = -1
  state.input.removeAttribute('aria-activedescendant')
  open(state, false)
}
