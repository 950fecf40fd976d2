using Microsoft.Extensions.Time.Testing;
using Rewas.Clip.Faults;
using Rewas.Jobs.Data;
using Rewas.Jobs.Running;

namespace Rewas.Tests.Services.Jobs;

public class RoomWaitsTests
{
    static readonly AttemptFailure NoRoom = AttemptFailure.Of(
        new InputFault(FaultKind.Exhausted, "bytes", "are too many") { RetryAfter = TimeSpan.FromSeconds(5) })!;

    readonly FakeTimeProvider time = new();
    readonly RoomWaits waits;

    public RoomWaitsTests() => waits = new(time);

    [Fact]
    public void An_item_that_has_had_no_room_for_an_hour_fails()
    {
        Assert.True(waits.Judged(Item("a", 0), NoRoom).MayPass);
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(NoRoom, waits.Judged(Item("a", 0), NoRoom));
        Assert.True(waits.Judged(Item("a", 1), NoRoom).MayPass);

        time.Advance(TimeSpan.FromMinutes(1));
        var last = waits.Judged(Item("a", 0), NoRoom);
        Assert.False(last.MayPass);
        Assert.StartsWith("bytes: are too many; it has waited for room for an hour", last.Reason, StringComparison.Ordinal);
        Assert.True(waits.Judged(Item("a", 1), NoRoom).MayPass);
    }

    [Fact]
    public void The_items_of_a_job_that_goes_on_wait_anew()
    {
        waits.Judged(Item("a", 0), NoRoom);
        waits.Judged(Item("b", 0), NoRoom);
        time.Advance(TimeSpan.FromMinutes(59));
        waits.Made(Item("a", 1));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(waits.Judged(Item("a", 0), NoRoom).MayPass);
        Assert.False(waits.Judged(Item("b", 0), NoRoom).MayPass);
    }

    [Fact]
    public void An_item_that_had_room_in_between_waits_anew()
    {
        waits.Judged(Item("a", 0), NoRoom);
        time.Advance(TimeSpan.FromMinutes(30));
        var other = AttemptFailure.Of(InputFault.Environment("device", "is lost"))!;
        Assert.Equal(other, waits.Judged(Item("a", 0), other));
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(waits.Judged(Item("a", 0), NoRoom).MayPass);
    }

    static ItemRow Item(string job, long item) => new() { Job = job, Item = item };
}
