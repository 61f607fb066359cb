#!/usr/bin/env node
// The kubectl plugin: `kubectl relay probe NAME` is `relaykeeper probe NAME`.
import './relaykeeper.js';
