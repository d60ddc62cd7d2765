-- Turns waiting messages into one delivery per recipient: the account's owner and admins (N7). Each message is taken by the statement
-- that marks it, so two workers never share one, and one that arrives meanwhile waits for the next call.
create or replace function dispatch_outbox(p_now timestamptz) returns integer
language plpgsql as $$
declare v_count integer;
begin
  with taken as (
    update outbox set dispatched_at = p_now where dispatched_at is null returning account_id, outbox_id
  )
  insert into delivery (account_id, outbox_id, channel, recipient, state, next_attempt_at)
  select t.account_id, t.outbox_id, 'email', u.email, 'waiting', p_now
  from taken t
  join membership m on m.account_id = t.account_id and m.role in ('owner', 'admin')
  join app_user u on u.id = m.user_id
  on conflict do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- Takes one delivery for this worker until p_claimed_until. Empty: it is sent, given up, not due, or another worker has it.
create or replace function claim_delivery(p_account bigint, p_delivery bigint, p_claimed_until timestamptz, p_now timestamptz)
returns table (outbox_id bigint, recipient text, attempts integer)
language sql as $$
  update delivery d set claimed_until = p_claimed_until, attempts = attempts + 1
  where d.account_id = p_account and d.delivery_id = p_delivery and state = 'waiting' and next_attempt_at <= p_now
    and (claimed_until is null or claimed_until <= p_now)
  returning d.outbox_id, d.recipient, d.attempts
$$;
