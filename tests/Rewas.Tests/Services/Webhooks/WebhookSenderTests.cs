using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rewas.SoundStudio.Webhooks;
using Rewas.Store.Data;
using Rewas.Tests.Store;

namespace Rewas.Tests.Services.Webhooks;

public sealed class WebhookSenderTests : IDisposable
{
    static readonly TimeSpan AMoment = TimeSpan.FromMilliseconds(1), Day = TimeSpan.FromDays(1);

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_receiver_that_is_down_for_a_while_gets_it_once()
    {
        var port = Programs.FreePort();                                      // nobody else listens there meanwhile
        await using var replica = Replica();
        var secret = await replica.SecretAsync("alice");
        var id = await replica.AddAsync("alice", $"http://127.0.0.1:{port}/hook", "{\"n\": 1}");

        foreach (var wait in new[] { 5, 300 })
        {
            await replica.SendDueAsync();
            await replica.SendDueAsync();                                    // nothing is due before the wait has passed
            replica.Clock.Advance(TimeSpan.FromSeconds(wait * 1.2));
        }
        await using var up = await WebhookReceiver.StartAsync(port);
        await replica.SendDueAsync();
        replica.Clock.Advance(Day);
        await replica.SendDueAsync();

        var received = Assert.Single(up.Received);
        Assert.Equal((id, "{\"n\": 1}"), (received.Id, received.Body));
        Assert.Equal(received.SignatureWith(secret), received.Signature);
        var attempts = await replica.AttemptsAsync(id);
        Assert.Equal([0, 0, 200], attempts.Select(attempt => attempt.Status));
        Assert.StartsWith("the receiver cannot be reached: ", attempts[0].Error, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Delivered, await replica.StateAsync("alice"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task A_receiver_that_fails_is_asked_again_for_days_under_one_id(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("try\nlater");
        };
        await using var replica = Replica();
        await replica.SecretAsync("alice");
        var id = await replica.AddAsync("alice", receiver.Url);
        for (var i = 0; i < 20; i++, replica.Clock.Advance(1.2 * Day))
            await replica.SendDueAsync();

        Assert.Equal(WebhookSchedule.MostTries, receiver.Received.Count);
        Assert.All(receiver.Received, received => Assert.Equal(id, received.Id));
        Assert.Equal(receiver.Received.Count, receiver.Received.Select(received => received.Timestamp).Distinct().Count());
        Assert.All(
            await replica.AttemptsAsync(id),
            attempt => Assert.Equal(
                (status, $"the receiver answered {status}", "try later"), ((int)attempt.Status, attempt.Error, attempt.Answer)));
        Assert.Equal(DeliveryState.Failed, await replica.StateAsync("alice"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(400)]
    [InlineData(404)]
    public async Task Another_answer_is_final_and_no_redirect_is_followed(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
            return Task.CompletedTask;
        };
        await using var replica = Replica();
        await replica.SecretAsync("alice");
        await replica.AddAsync("alice", receiver.Url);
        for (var i = 0; i < 3; i++, replica.Clock.Advance(Day))
            await replica.SendDueAsync();
        Assert.Single(receiver.Received);
        Assert.Equal(DeliveryState.Failed, await replica.StateAsync("alice"));
    }

    [Fact]
    public async Task A_receiver_that_is_slow_is_not_waited_for_longer_than_the_timeout()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var gate = new TaskCompletionSource();
        receiver.Answer = _ => gate.Task;
        await using var replica = Replica();
        await replica.SecretAsync("alice");
        var id = await replica.AddAsync("alice", receiver.Url);
        var sending = replica.SendDueAsync();
        await Wait.UntilAsync(() => receiver.Received.Count == 1, "the first attempt");
        replica.Clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(sending.IsCompleted);
        replica.Clock.Advance(TimeSpan.FromSeconds(0.2));
        await sending;
        gate.SetResult();
        replica.Clock.Advance(TimeSpan.FromSeconds(6));
        await replica.SendDueAsync();

        Assert.Equal(["there was no whole answer within 15 s", ""], (await replica.AttemptsAsync(id)).Select(attempt => attempt.Error));
        Assert.Single(receiver.Received.Select(received => received.Id).Distinct());
        Assert.Equal(DeliveryState.Delivered, await replica.StateAsync("alice"));
    }

    [Fact]
    public async Task Of_an_endless_answer_only_the_beginning_is_read()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async context =>
        {
            var line = Encoding.ASCII.GetBytes(new string('x', 4096));
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(line, context.RequestAborted);
        };
        await using var replica = Replica();
        await replica.SecretAsync("alice");
        var id = await replica.AddAsync("alice", receiver.Url);
        await replica.SendDueAsync();
        var attempt = Assert.Single(await replica.AttemptsAsync(id));
        Assert.Equal((200, new string('x', 1024)), (attempt.Status, attempt.Answer));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_gets_no_more_of_that_caller()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.Gone;
            return Task.CompletedTask;
        };
        await using var replica = Replica();
        await replica.SecretAsync("alice");
        await replica.SecretAsync("bob");
        await replica.AddAsync("alice", receiver.Url);
        await replica.SendDueAsync();
        Assert.Equal(DeliveryState.Disabled, await replica.StateAsync("alice"));

        // One that waits is ended with it; another caller's is not.
        receiver.Answer = context =>
        {
            context.Response.StatusCode = receiver.Received.Count <= 3 ? 500 : 410;
            return Task.CompletedTask;
        };
        await replica.AddAsync("alice", receiver.Url);
        await replica.AddAsync("bob", receiver.Url);
        await replica.SendDueAsync();
        await replica.AddAsync("alice", receiver.Url);
        await replica.SendDueAsync();
        Assert.All(await replica.ListAsync("alice"), delivery => Assert.Equal((long)DeliveryState.Disabled, delivery.State));
        Assert.Equal(DeliveryState.Pending, await replica.StateAsync("bob"));
    }

    [Fact]
    public async Task A_replica_that_dies_while_it_sends_is_followed_by_another_under_the_same_id()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var gate = new TaskCompletionSource();
        receiver.Answer = _ => receiver.Received.Count == 1 ? gate.Task : Task.CompletedTask;
        await using var other = Replica();
        await other.SecretAsync("alice");
        await other.AddAsync("alice", receiver.Url);
        var dead = Replica();
        var sending = dead.SendDueAsync();
        await Wait.UntilAsync(() => receiver.Received.Count == 1, "the first attempt");

        await other.SendDueAsync();                                          // the dead one still holds it
        Assert.Single(receiver.Received);
        other.Clock.Advance(TimeSpan.FromMinutes(2));
        await other.SendDueAsync();
        Assert.Equal(2, receiver.Received.Count);
        Assert.Single(receiver.Received.Select(received => received.Id).Distinct());

        // It was not dead after all. What it says now does not count.
        gate.SetResult();
        await sending;
        await dead.DisposeAsync();
        var delivery = Assert.Single(await other.ListAsync("alice"));
        Assert.Single(await other.AttemptsAsync(delivery.Id));
    }

    [Fact]
    public async Task Two_replicas_send_each_delivery_once()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var one = Replica();
        await using var two = Replica();
        await one.SecretAsync("alice");
        for (var i = 0; i < 20; i++)
            await one.AddAsync("alice", receiver.Url);
        for (var i = 0; i < 10; i++)
            await Task.WhenAll(one.SendDueAsync(), two.SendDueAsync());
        Assert.Equal(20, receiver.Received.Count);
        Assert.Equal(20, receiver.Received.Select(received => received.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_slow_receiver_of_one_caller_does_not_keep_another_waiting()
    {
        await using var slow = await WebhookReceiver.StartAsync();
        await using var quick = await WebhookReceiver.StartAsync();
        var gate = new TaskCompletionSource();
        slow.Answer = _ => gate.Task;
        await using var replica = Replica();
        await replica.SecretAsync("alice");
        await replica.SecretAsync("bob");
        for (var i = 0; i < 50; i++)
            await replica.AddAsync("alice", slow.Url);
        await replica.AddAsync("bob", quick.Url);
        var first = replica.SendDueAsync();
        var second = replica.SendDueAsync();
        await Wait.UntilAsync(() => quick.Received.Count == 1 && slow.Received.Count == 4, "bob's webhook, and four of alice's");
        gate.SetResult();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task A_replay_sends_the_same_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var replica = Replica();
        await replica.SecretAsync("alice");
        var id = await replica.AddAsync("alice", receiver.Url, "{}", sound: "s");
        await replica.SendDueAsync();
        await replica.Table.ReplayAsync(id, "s", "alice", TestContext.Current.CancellationToken);
        await replica.SendDueAsync();
        Assert.Equal([id, id], receiver.Received.Select(received => received.Id));
        var fault = await Assert.ThrowsAsync<Rewas.Clip.Faults.InputFault>(
            () => replica.Table.ReplayAsync(id, "s", "bob", TestContext.Current.CancellationToken));
        Assert.Equal(Rewas.Clip.Faults.FaultKind.NotFound, fault.Kind);
    }

    [Fact]
    public async Task A_rotated_secret_signs_beside_the_new_one_until_it_ends()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var replica = Replica();
        var old = await replica.SecretAsync("alice");
        replica.Clock.Advance(AMoment);
        var young = await replica.SecretAsync("alice");
        await replica.AddAsync("alice", receiver.Url);
        await replica.SendDueAsync();
        replica.Clock.Advance(Day + AMoment);
        await replica.AddAsync("alice", receiver.Url);
        await replica.SendDueAsync();
        var (during, after) = (receiver.Received[0], receiver.Received[1]);
        Assert.Equal($"{during.SignatureWith(young)} {during.SignatureWith(old)}", during.Signature);
        Assert.Equal(after.SignatureWith(young), after.Signature);
    }

    [Fact]
    public async Task The_database_does_not_hold_a_secret_that_can_be_read()
    {
        string secret;
        await using (var replica = Replica())
            secret = await replica.SecretAsync("alice");
        var name = Encoding.ASCII.GetBytes(secret["whsec_".Length..]);
        foreach (var file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
            Assert.True(
                (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().IndexOf(name) < 0, file);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "webhooks.key")));

        // Another key opens nothing, and says so.
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var wrong = Replica(("Webhooks:Key", Convert.ToBase64String(new byte[32])));
        var id = await wrong.AddAsync("alice", receiver.Url);
        await wrong.SendDueAsync();
        Assert.Empty(receiver.Received);
        Assert.Equal("there is no secret to sign with; create one", (await wrong.AttemptsAsync(id))[0].Error);
    }

    [Fact]
    public async Task Deliveries_are_bounded_and_deleted_after_their_retention()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var replica = Replica(("Webhooks:MaxPendingPerCaller", "2"), ("Webhooks:MaxDeliveriesPerCaller", "3"));
        await replica.SecretAsync("alice");
        await replica.AddAsync("alice", receiver.Url);
        await replica.AddAsync("alice", receiver.Url);
        Assert.Contains("MaxPendingPerCaller", await FullAsync(), StringComparison.Ordinal);
        await replica.SendDueAsync();
        await replica.Table.ThrowIfFullAsync("alice", TestContext.Current.CancellationToken);
        await replica.AddAsync("alice", receiver.Url);
        Assert.Contains("MaxDeliveriesPerCaller", await FullAsync(), StringComparison.Ordinal);
        replica.Clock.Advance(7 * Day + AMoment);
        await replica.Table.SweepAsync(TestContext.Current.CancellationToken);
        Assert.Single(await replica.ListAsync("alice"));                     // the one that was not sent yet

        async Task<string> FullAsync() => (await Assert.ThrowsAsync<Rewas.Clip.Faults.InputFault>(
            () => replica.Table.ThrowIfFullAsync("alice", TestContext.Current.CancellationToken))).Message;
    }

    [Theory]
    [InlineData(1, null, 5)]
    [InlineData(2, null, 300)]
    [InlineData(9, null, 86_400)]
    [InlineData(1, 60, 60)]
    [InlineData(1, 1, 5)]
    [InlineData(1, 1_000_000, 86_400)]
    public void The_waits_are_those_of_the_specification(int tries, int? asked, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds),
        WebhookSchedule.WaitAfter(tries, asked is { } s ? TimeSpan.FromSeconds(s) : null, chance: 0));

    [Fact]
    public async Task Without_permission_a_private_address_gets_nothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var replica = Replica(("Outgoing:AllowedNetworks:0", "10.0.0.0/8"));
        await replica.SecretAsync("alice");
        var id = await replica.AddAsync("alice", receiver.Url);
        await replica.SendDueAsync();
        Assert.Empty(receiver.Received);
        Assert.Contains("must name a public address", (await replica.AttemptsAsync(id))[0].Error, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Failed, await replica.StateAsync("alice"));
    }

    WebhookReplica Replica(params (string Key, string Value)[] settings) => new(folder.Path, settings);

    public void Dispose() => folder.Dispose();
}

/// <summary>The sender of one replica, with a clock of its own.</summary>
sealed class WebhookReplica : IAsyncDisposable
{
    readonly StoreReplica store;

    public WebhookReplica(string folder, params (string Key, string Value)[] settings) => store = new(
        folder,
        services => services.AddWebhooks(),
        [
            ("Webhooks:AllowHttp", "true"),
            .. settings.Any(setting => setting.Key.StartsWith("Outgoing:", StringComparison.Ordinal))
                ? settings : settings.Append(("Outgoing:AllowedNetworks:0", "127.0.0.0/8")),
        ]);

    public Microsoft.Extensions.Time.Testing.FakeTimeProvider Clock => store.Clock;

    public WebhookTable Table => store.Get<WebhookTable>();

    public Task SendDueAsync() => ((WebhookSender)store.Get<IEnumerable<IHostedService>>().Single(service => service is WebhookSender))
        .SendDueAsync(TestContext.Current.CancellationToken);

    public async Task<string> SecretAsync(string caller) =>
        (await store.Get<WebhookSecrets>().CreateAsync(caller, TestContext.Current.CancellationToken)).Secret;

    /// <returns>The id of the delivery.</returns>
    public async Task<string> AddAsync(string caller, string url, string payload = "{}", string sound = "sound")
    {
        var id = $"msg_{Guid.NewGuid():n}";
        await store.Get<StoreDatabase>().ChangeAsync(
            async transaction =>
            {
                await Table.AddAsync(transaction, new()
                {
                    Id = id,
                    Sound = sound,
                    Caller = caller,
                    Type = "sound.completed",
                    Url = url,
                    Payload = Encoding.UTF8.GetBytes(payload),
                });
                return true;
            },
            TestContext.Current.CancellationToken);
        return id;
    }

    public Task<IReadOnlyList<WebhookDelivery>> ListAsync(string caller) =>
        Table.ListAsync("sound", caller, TestContext.Current.CancellationToken);

    public Task<IReadOnlyList<WebhookAttempt>> AttemptsAsync(string delivery) =>
        Table.AttemptsAsync(delivery, TestContext.Current.CancellationToken);

    public async Task<DeliveryState> StateAsync(string caller) => (DeliveryState)(await ListAsync(caller))[0].State;

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
