using Rewas.Jobs.Data;
using Rewas.Jobs.Running;

namespace Rewas.Tests.Services.Jobs;

public class RunTurnTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);

    [Fact]
    public void A_run_makes_way_for_a_caller_who_has_none()
    {
        Assert.True(MakesWay("a1", Running("a1", "ann"), Waiting("b1", "ben")));
        Assert.False(MakesWay("a1", Running("a1", "ann"), Waiting("a2", "ann")));
        Assert.False(MakesWay("a1", Running("a1", "ann"), Running("b1", "ben"), Waiting("b2", "ben")));
        Assert.True(MakesWay("a1", Running("a1", "ann"), Running("b1", "ben"), Waiting("b2", "ben"), Waiting("c1", "cem")));
    }

    [Fact]
    public void Of_the_jobs_of_a_caller_who_has_two_more_the_youngest_makes_way()
    {
        OpenJob[] open = [Running("a1", "ann"), Running("a2", "ann"), Running("a3", "ann"), Running("b1", "ben"), Waiting("b2", "ben")];
        Assert.Equal([false, false, true, false], open[..4].Select(job => RunTurn.MakesWay(open, job.Id, job.Caller, Now)));
    }

    [Fact]
    public void A_job_whose_items_are_not_due_does_not_wait()
    {
        var later = new OpenJob { Id = "b1", Caller = "ben", Next = 1_000_001 };
        Assert.False(later.HasWork(Now));
        Assert.False(MakesWay("a1", Running("a1", "ann"), later));
        Assert.True(MakesWay("a1", Running("a1", "ann"), later with { Next = 1_000_000 }));
        Assert.True((later with { Next = null }).HasWork(Now));              // its end has to be noted
        Assert.True((later with { Making = 1 }).HasWork(Now));               // its process may have ended
    }

    [Fact]
    public void Jobs_have_their_turns_in_the_order_in_which_they_began_to_wait()
    {
        var second = JobDispatcher.StartOf(rank: 1, Now);
        Assert.True(JobDispatcher.StartOf(rank: 0, Now) < JobDispatcher.StartOf(rank: 0, Now.AddSeconds(1)));
        Assert.True(JobDispatcher.StartOf(rank: 0, Now.AddMinutes(59)) < second);
        Assert.True(second < JobDispatcher.StartOf(rank: 0, Now.AddMinutes(61)));
        Assert.True(JobDispatcher.StartOf(rank: 9_999, Now) < Now.AddYears(-1));
    }

    static bool MakesWay(string job, params OpenJob[] open) => RunTurn.MakesWay(open, job, open.Single(own => own.Id == job).Caller, Now);

    static OpenJob Running(string id, string caller) => new() { Id = id, Caller = caller, Run = 1, Making = 1 };

    static OpenJob Waiting(string id, string caller) => new() { Id = id, Caller = caller, Next = 0 };
}
