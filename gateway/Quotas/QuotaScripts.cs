namespace Rewas.Gateway.Quotas;

/// <summary>
/// What runs inside Redis, each script as one step. All of them use the clock of Redis, so that gateways need not agree on the time.
/// Times are milliseconds. A limit of 0 is none.
/// </summary>
static class QuotaScripts
{
    const string Now = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)

        """;

    /// <summary>
    /// Lets a call in. Keys: the places (id by end of its lease), the calls of late (count and when it was taken), the calls of the day.
    /// Values: id of the call, time of a lease, places, calls per second, burst, calls per day, length of a day.
    /// Answer: the limit that is reached (0 none, 1 places, 2 calls per second, 3 calls per day) and the wait.
    /// </summary>
    public const string Enter = Now + """
        local lease, places, rate, burst = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
        local most, day = tonumber(ARGV[6]), tonumber(ARGV[7])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        if places > 0 and redis.call('ZCARD', KEYS[1]) >= places then
            return {1, 1000}
        end
        local recent = 0
        if rate > 0 then
            local past = redis.call('HMGET', KEYS[2], 'count', 'at')
            recent = math.max(0, (tonumber(past[1]) or 0) - (now - (tonumber(past[2]) or now)) * rate / 1000)
            if recent + 1 > burst then
                return {2, math.ceil((recent + 1 - burst) * 1000 / rate)}
            end
        end
        if most > 0 and (tonumber(redis.call('GET', KEYS[3])) or 0) >= most then
            return {3, redis.call('PTTL', KEYS[3])}
        end
        redis.call('ZADD', KEYS[1], now + lease, ARGV[1])
        redis.call('PEXPIRE', KEYS[1], lease)
        if rate > 0 then
            redis.call('HSET', KEYS[2], 'count', tostring(recent + 1), 'at', now)
            redis.call('PEXPIRE', KEYS[2], math.ceil((recent + 1) * 1000 / rate) + 1000)
        end
        if redis.call('INCR', KEYS[3]) == 1 then
            redis.call('PEXPIRE', KEYS[3], day)
        end
        return {0, 0}
        """;

    /// <summary>Lets a call out. Keys: the places, the calls of the day. Values: id of the call, calls to take off the day.</summary>
    public const string Leave = """
        redis.call('ZREM', KEYS[1], ARGV[1])
        if tonumber(ARGV[2]) > 0 and (tonumber(redis.call('GET', KEYS[2])) or 0) > 0 then
            redis.call('DECRBY', KEYS[2], ARGV[2])
        end
        return 0
        """;

    /// <summary>Keeps the place of a call. Key: the places. Values: id of the call, time of a lease.</summary>
    public const string Renew = Now + """
        redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[2]), ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 0
        """;

    /// <summary>
    /// Counts bytes. Key: the bytes of the day. Values: bytes, most, length of a day. Answer: the wait; 0 if they are counted.
    /// </summary>
    public const string Count = """
        local bytes, used = tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1])) or 0
        if bytes > 0 and used + bytes > tonumber(ARGV[2]) then
            return math.max(1, redis.call('PTTL', KEYS[1]))
        end
        if used + bytes < 0 then
            return 0
        end
        redis.call('INCRBY', KEYS[1], ARGV[1])
        if redis.call('PTTL', KEYS[1]) < 0 then
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
        end
        return 0
        """;
}
