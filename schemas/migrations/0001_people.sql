-- People, their devices and settings: the projections and what residents chose.
-- Residents with a null version are known only by reference (an event, a link or a device came first).

create table person (
    id bigint primary key,
    lookup bytea not null unique,
    lookup_key smallint not null,
    version bigint,
    region text not null default '00',
    born_younger date,
    born_older date,
    protected boolean not null default true,
    protected_at timestamptz,
    deceased_on date,
    active boolean not null default false,
    paper_opt_out boolean not null default false,
    language text,
    phone bytea,
    phone_index bytea,
    email bytea,
    email_index bytea,
    contact_set_by text,
    contact_verified_at timestamptz,
    sms_on boolean not null default true,
    email_on boolean not null default true,
    changed_at timestamptz,
    replaced_by bigint,
    quiet_from time,
    quiet_to time,
    erased_at timestamptz,
    lift_at timestamptz,
    generation integer not null default 0
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index person_erased on person (erased_at) where erased_at is not null;
create index person_lift on person (id) where lift_at is not null;
create index person_purge on person (id) where protected and (phone is not null or email is not null);

comment on column person.lift_at is 'protection was lifted while the brake was on: it holds until the brake is released (B22)';
comment on column person.erased_at is 'a tombstone came: nothing is sent, the row is erased 30 days later (B22)';
comment on column person.generation is 'the rebuild that last saw the row (mark and sweep)';

create table identity_link (
    person bigint not null,
    other bigint not null,
    declared_by bigint not null,
    primary key (person, other, declared_by)
);
comment on table identity_link is 'linked and replaced numbers, both directions, so that the strictest flag is found from either (B25)';

create view standing as
select p.id as person,
       p.born_older,
       p.protected or coalesce(l.protected, false) as protected,
       greatest(p.protected_at, l.protected_at) as protected_at,
       p.deceased_on is not null or coalesce(l.deceased, false) as deceased,
       p.erased_at is not null as gone
  from person p
  left join lateral (
      select bool_or(o.protected) as protected, max(o.protected_at) as protected_at,
             bool_or(o.deceased_on is not null) as deceased
        from identity_link i
        join person o on o.id = i.other and o.version is not null
       where i.person = p.id
      having count(*) > 0
  ) l on true;
comment on view standing is 'what may not be told to or about a person, the strictest over linked identities (B25)';

create table proxy (
    child bigint not null,
    guardian bigint not null,
    is_guardian boolean not null,
    valid_from date not null,
    valid_to date,
    blocked boolean not null,
    about_id uuid not null default gen_random_uuid(),
    version bigint not null,
    ended_at timestamptz,
    lift_at timestamptz,
    generation integer not null default 0,
    primary key (child, guardian)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
create index proxy_guardian on proxy (guardian);
create index proxy_ended on proxy (ended_at) where ended_at is not null;
create index proxy_lift on proxy (child, guardian) where lift_at is not null;
comment on column proxy.ended_at is 'a tombstone came: it gives nothing any more, the row is erased 30 days later (A9, A14)';
comment on column proxy.lift_at is 'the block was lifted while the brake was on: it holds until the brake is released (B22)';
comment on column proxy.about_id is 'names the child to the guardian''s app, sealed, and to nobody else (A32)';

create table device (
    id bigint primary key,
    person bigint not null,
    platform text not null,
    environment text not null,
    lane text not null,
    kind text not null,
    token bytea not null,
    token_index bytea not null,
    content_key bytea not null,
    language text,
    app_version text,
    registered_at timestamptz not null,
    confirmed_at timestamptz not null,
    parked_at timestamptz,
    parked_reason text,
    retired_at timestamptz,
    removals_at timestamptz[] not null default '{}',
    unique (platform, environment, token_index)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
create index device_person on device (person);

create table preference (
    person bigint not null,
    about bigint not null,
    setting text not null,
    is_on boolean not null,
    changed_at timestamptz not null,
    primary key (person, about, setting)
);
comment on column preference.about is 'the person represented; the person itself for its own notices';
comment on column preference.setting is 'channel, or channel:category (A11)';

create table region (
    code text primary key,
    name text not null,
    organisation text not null unique,
    joined boolean not null,
    joined_from date,
    withhold_units text[] not null default '{}'
);

create table projection_position (
    topic text not null,
    partition integer not null,
    next_offset bigint not null,
    complete_to timestamptz,
    read_at timestamptz not null default clock_timestamp(),
    records bigint not null default 0,
    applied bigint not null default 0,
    stale bigint not null default 0,
    dead_letters bigint not null default 0,
    heartbeats bigint not null default 0,
    tests bigint not null default 0,
    live_rows bigint not null default 0,
    rebuild_to bigint,
    generation integer not null default 0,
    primary key (topic, partition)
) with (fillfactor = 50);
comment on column projection_position.stale is 'records that changed nothing: an equal or lower version, or a newer one in the same batch';
comment on column projection_position.live_rows is 'rows that this partition keeps alive; their sum is what the brake''s share is of (A10)';
comment on column projection_position.rebuild_to is 'while set, the partition is being rebuilt: its projection counts as stale until this offset is passed';

create table change_hour (
    topic text not null,
    kind text not null,
    hour timestamptz not null,
    rows_before bigint not null,
    changes bigint not null default 0,
    braked_at timestamptz,
    released_at timestamptz,
    released_changes bigint not null default 0,
    primary key (topic, kind, hour)
);
create index change_hour_braked on change_hour (topic, kind) where braked_at is not null and released_at is null;
comment on column change_hour.released_changes is 'how many there were when people released the brake: only more than these count again';
comment on table change_hour is 'the mass-change brake (B22, A10): each kind counted apart against the rows at the start of the hour';
