-- The schema of revision 0029

CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE feed_states (
	feed TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	due_at BIGINT NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified TEXT NOT NULL, 
	body_hash TEXT NOT NULL, 
	visited_at BIGINT, 
	succeeded_at BIGINT, 
	failures INTEGER NOT NULL, 
	problem TEXT NOT NULL, full_at BIGINT, failing_since BIGINT, gone_at BIGINT, held_until BIGINT, lied_at BIGINT, gap_at BIGINT, news_at BIGINT, lull_since BIGINT, interval BIGINT, reach BIGINT, wish BIGINT DEFAULT '0' NOT NULL, lull BIGINT DEFAULT '0' NOT NULL, lull_before BIGINT DEFAULT '0' NOT NULL, missing INTEGER DEFAULT '0' NOT NULL, moves INTEGER DEFAULT '0' NOT NULL, doubts INTEGER DEFAULT '0' NOT NULL, gaps INTEGER DEFAULT '0' NOT NULL, torn INTEGER DEFAULT '0' NOT NULL, hollow INTEGER DEFAULT '0' NOT NULL, news INTEGER DEFAULT '0' NOT NULL, url TEXT DEFAULT '' NOT NULL, address TEXT DEFAULT '' NOT NULL, moved_to TEXT DEFAULT '' NOT NULL, skip_hours TEXT DEFAULT '[]' NOT NULL, skip_days TEXT DEFAULT '[]' NOT NULL, host TEXT DEFAULT '' NOT NULL, claimed_by TEXT DEFAULT '' NOT NULL, claimed_until BIGINT, noted TEXT DEFAULT '' NOT NULL, waiting TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (feed)
);

CREATE TABLE visits (
	number INTEGER NOT NULL, 
	feed TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	outcome TEXT NOT NULL, 
	entries INTEGER NOT NULL, 
	new INTEGER NOT NULL, 
	problem TEXT NOT NULL, 
	PRIMARY KEY (number)
);

CREATE INDEX visits_at ON visits (at);

CREATE TABLE items (
	feed TEXT NOT NULL, 
	identity TEXT NOT NULL, 
	link TEXT NOT NULL, 
	url_key TEXT NOT NULL, 
	title TEXT NOT NULL, 
	published BIGINT, 
	content_hash TEXT NOT NULL, 
	article TEXT, 
	fate TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	first_seen BIGINT NOT NULL, 
	changed_at BIGINT NOT NULL, via TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (feed, identity)
);

CREATE INDEX items_article ON items (article);

CREATE INDEX items_first_seen ON items (first_seen);

CREATE INDEX items_url_key ON items (url_key);

CREATE TABLE articles (
	number INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	feed TEXT NOT NULL, 
	url TEXT NOT NULL, 
	url_key TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	language TEXT NOT NULL, 
	how TEXT NOT NULL, 
	found_at BIGINT NOT NULL, 
	published BIGINT, 
	authors TEXT NOT NULL, 
	problem TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	entry TEXT NOT NULL, 
	forgotten BOOLEAN NOT NULL, facts TEXT DEFAULT '{}' NOT NULL, silence TEXT DEFAULT '' NOT NULL, via TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (id)
);

CREATE INDEX articles_found_at ON articles (found_at);

CREATE INDEX articles_url_key ON articles (url_key);

CREATE TABLE verdicts (
	article TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	score FLOAT NOT NULL, 
	threshold FLOAT NOT NULL, 
	matched BOOLEAN NOT NULL, 
	at BIGINT NOT NULL, 
	passage TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	PRIMARY KEY (article, topic), 
	FOREIGN KEY(article) REFERENCES articles (id)
);

CREATE INDEX verdicts_matched_at ON verdicts (matched, at);

CREATE TABLE revisions (
	number INTEGER NOT NULL, 
	article TEXT NOT NULL, 
	replaced_at BIGINT NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	language TEXT NOT NULL, 
	how TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	scores TEXT NOT NULL, reason TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(article) REFERENCES articles (id)
);

CREATE INDEX revisions_article ON revisions (article);

CREATE TABLE reports (
	article TEXT NOT NULL, 
	story TEXT NOT NULL, 
	outlet TEXT NOT NULL, 
	placement TEXT NOT NULL, 
	copy_of TEXT, 
	similarity FLOAT, 
	reason TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	url_key TEXT NOT NULL, 
	title_key TEXT NOT NULL, 
	signature BLOB NOT NULL, 
	words INTEGER NOT NULL, 
	PRIMARY KEY (article), 
	FOREIGN KEY(article) REFERENCES articles (id)
);

CREATE INDEX reports_story ON reports (story);

CREATE INDEX reports_title_key ON reports (title_key);

CREATE INDEX reports_url_key ON reports (url_key);

CREATE TABLE bands (
	band BIGINT NOT NULL, 
	article BIGINT NOT NULL, 
	PRIMARY KEY (band, article), 
	FOREIGN KEY(article) REFERENCES articles (number)
)
 WITHOUT ROWID

;

CREATE TABLE digests (
	"key" TEXT NOT NULL, 
	subscription TEXT NOT NULL, 
	window_start BIGINT NOT NULL, 
	window_end BIGINT NOT NULL, 
	composed_at BIGINT NOT NULL, 
	stories INTEGER NOT NULL, 
	PRIMARY KEY ("key")
);

CREATE INDEX digests_subscription ON digests (subscription, window_end);

CREATE TABLE told (
	subscription TEXT NOT NULL, 
	story TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	PRIMARY KEY (subscription, story), 
	FOREIGN KEY("key") REFERENCES digests ("key")
);

CREATE INDEX told_story ON told (story);

CREATE TABLE messages (
	"key" TEXT NOT NULL, 
	subscription TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	list_id TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT NOT NULL, 
	slack TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_try BIGINT NOT NULL, 
	sent_parts TEXT NOT NULL, 
	settled_at BIGINT, 
	detail TEXT NOT NULL, data TEXT DEFAULT '' NOT NULL, waits_since BIGINT, memo TEXT DEFAULT '' NOT NULL, unsubscribe TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY ("key"), 
	FOREIGN KEY("key") REFERENCES digests ("key")
);

CREATE INDEX messages_waiting ON messages (state, next_try);

CREATE TABLE beats (
	ticker TEXT NOT NULL, 
	started_at BIGINT NOT NULL, 
	succeeded_at BIGINT, 
	every BIGINT NOT NULL, 
	problem TEXT NOT NULL, 
	PRIMARY KEY (ticker)
);

CREATE VIRTUAL TABLE article_words USING fts5(title, text, tokenize='unicode61 remove_diacritics 2', content='', contentless_delete=1);

CREATE TABLE marks (
	article TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	relevant BOOLEAN NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (article, topic), 
	FOREIGN KEY(article) REFERENCES articles (id)
);

CREATE TABLE notices (
	number INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	words TEXT NOT NULL, 
	opened_at BIGINT NOT NULL, 
	closed_at BIGINT, 
	told TEXT NOT NULL, 
	PRIMARY KEY (number)
);

CREATE INDEX notices_closed_at ON notices (closed_at);

CREATE INDEX items_moment ON items (feed, published, content_hash);

CREATE TABLE leases (
	feed TEXT NOT NULL, 
	hub TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	token TEXT NOT NULL, 
	secret TEXT NOT NULL, 
	standing TEXT NOT NULL, 
	asked_at BIGINT, 
	pending BOOLEAN NOT NULL, 
	tries INTEGER NOT NULL, 
	ends_at BIGINT, 
	pushed_at BIGINT, 
	paced_at BIGINT, 
	missed INTEGER NOT NULL, 
	problem TEXT NOT NULL, waiting_at BIGINT, 
	PRIMARY KEY (feed)
);

CREATE UNIQUE INDEX leases_token ON leases (token);

CREATE TABLE site_lines (
	site TEXT NOT NULL, 
	line BIGINT NOT NULL, 
	articles INTEGER NOT NULL, 
	seen_at BIGINT NOT NULL, 
	PRIMARY KEY (site, line)
);

CREATE INDEX site_lines_seen_at ON site_lines (seen_at);

CREATE TABLE silences (
	mark TEXT NOT NULL, 
	verdicts TEXT NOT NULL, 
	PRIMARY KEY (mark)
);

CREATE TABLE sketches (
	article BIGINT NOT NULL, 
	terms BLOB NOT NULL, 
	norm FLOAT NOT NULL, 
	moment BIGINT, links BLOB DEFAULT (X'') NOT NULL, 
	PRIMARY KEY (article), 
	FOREIGN KEY(article) REFERENCES articles (number)
);

CREATE TABLE postings (
	term BIGINT NOT NULL, 
	article BIGINT NOT NULL, 
	PRIMARY KEY (term, article), 
	FOREIGN KEY(article) REFERENCES articles (number)
)
 WITHOUT ROWID

;

CREATE TABLE term_counts (
	term BIGINT NOT NULL, 
	articles FLOAT NOT NULL, 
	PRIMARY KEY (term)
);

CREATE TABLE rulings (
	one TEXT NOT NULL, 
	other TEXT NOT NULL, 
	same BOOLEAN NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (one, other)
);

CREATE TABLE told_articles (
	subscription TEXT NOT NULL, 
	article TEXT NOT NULL, version INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (subscription, article)
);

CREATE INDEX told_articles_article ON told_articles (article);

CREATE TABLE switched_off (
	channel TEXT NOT NULL, 
	target TEXT NOT NULL, 
	words TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	mark TEXT NOT NULL, 
	PRIMARY KEY (channel, target)
);

CREATE TABLE backfills (
	"key" TEXT NOT NULL, 
	words TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT NOT NULL, 
	began_at BIGINT NOT NULL, 
	tell BOOLEAN NOT NULL, 
	ended_at BIGINT, 
	asked INTEGER NOT NULL, 
	PRIMARY KEY ("key")
);

CREATE TABLE climbs (
	job TEXT NOT NULL, 
	feed TEXT NOT NULL, 
	rung TEXT NOT NULL, 
	state TEXT NOT NULL, 
	cursor TEXT NOT NULL, 
	reached BIGINT, 
	documents INTEGER DEFAULT '0' NOT NULL, 
	found INTEGER DEFAULT '0' NOT NULL, 
	new INTEGER DEFAULT '0' NOT NULL, 
	matched INTEGER DEFAULT '0' NOT NULL, 
	outside INTEGER DEFAULT '0' NOT NULL, 
	empty INTEGER DEFAULT '0' NOT NULL, 
	failed TEXT NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	words TEXT NOT NULL, 
	PRIMARY KEY (job, feed, rung)
);

CREATE TABLE gaps (
	feed TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	start BIGINT NOT NULL, 
	"end" BIGINT NOT NULL, 
	recovered INTEGER DEFAULT '0' NOT NULL, 
	closed BOOLEAN NOT NULL, 
	words TEXT NOT NULL, 
	healed_at BIGINT, 
	PRIMARY KEY (feed, at)
);

CREATE TABLE comparisons (
	feed TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	sitemap TEXT NOT NULL, 
	listed INTEGER NOT NULL, 
	shown INTEGER NOT NULL, 
	problem TEXT NOT NULL, 
	PRIMARY KEY (feed)
);

CREATE TABLE exhibits (
	number INTEGER NOT NULL, 
	article TEXT NOT NULL, 
	proof TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	file TEXT NOT NULL, 
	start BIGINT NOT NULL, 
	"end" BIGINT NOT NULL, 
	response BIGINT NOT NULL, 
	url TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	fetched_at BIGINT, 
	body_hash TEXT NOT NULL, 
	text_hash TEXT NOT NULL, 
	bytes_hash TEXT NOT NULL, 
	problem TEXT NOT NULL, 
	link TEXT NOT NULL, 
	PRIMARY KEY (number)
);

CREATE INDEX exhibits_article ON exhibits (article);

CREATE INDEX exhibits_file ON exhibits (file, "end");

CREATE TABLE refetches (
	article TEXT NOT NULL, 
	due_at BIGINT, 
	checked_at BIGINT, 
	missing INTEGER NOT NULL, 
	gone_at BIGINT, 
	problem TEXT NOT NULL, mark TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (article), 
	FOREIGN KEY(article) REFERENCES articles (id)
);

CREATE INDEX refetches_due_at ON refetches (due_at);

CREATE TABLE muted (
	subscription TEXT NOT NULL, 
	story TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (subscription, story)
);

CREATE TABLE unsubscribed (
	subscription TEXT NOT NULL, 
	target TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (subscription, target)
);

CREATE INDEX articles_feed ON articles (feed);

CREATE INDEX articles_language ON articles (language);

CREATE TABLE paused_feeds (
	feed TEXT NOT NULL, 
	since BIGINT NOT NULL, 
	PRIMARY KEY (feed)
);

CREATE TABLE saved_searches (
	id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	"query" TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	language TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (id)
);

CREATE TABLE feed_addresses (
	subject TEXT NOT NULL, 
	token TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (subject)
);

CREATE INDEX feed_states_due ON feed_states (active, claimed_by, due_at, feed);

CREATE INDEX feed_states_claimed ON feed_states (claimed_until);

CREATE INDEX feed_states_held ON feed_states (held_until);

CREATE TABLE host_turns (
	host TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	until BIGINT NOT NULL, 
	PRIMARY KEY (host)
);

CREATE INDEX revisions_replaced_at ON revisions (replaced_at);

