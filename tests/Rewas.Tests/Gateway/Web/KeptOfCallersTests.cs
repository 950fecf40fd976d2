using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Calls;
using Rewas.Gateway.Web.Chat;
using Rewas.Gateway.Web.Tools;

namespace Rewas.Tests.Gateway.Web;

public sealed class KeptOfCallersTests
{
    const int MostOfCaller = KeptOfCallers<string, string>.MostOfCaller, MostOfAll = KeptOfCallers<string, string>.MostOfAll;

    [Fact]
    public void A_caller_that_checks_many_prompts_pushes_out_its_own_checks_alone()
    {
        var prompts = new CheckedPrompts();
        prompts.Add("alice", "film", "rain", "consistent");
        for (var i = 0; i <= MostOfAll; i++)
            prompts.Add("mallory", "film", $"rain {i}", "consistent");

        prompts.ThrowUnlessAllowed("alice", "film", "rain", anyway: false);
        prompts.ThrowUnlessAllowed("mallory", "film", $"rain {MostOfAll - MostOfCaller + 1}", anyway: false);
        Assert.Throws<InputFault>(
            () => prompts.ThrowUnlessAllowed("mallory", "film", $"rain {MostOfAll - MostOfCaller}", anyway: false));
        Assert.Throws<InputFault>(() => prompts.ThrowUnlessAllowed("bob", "film", "rain", anyway: true));
    }

    [Fact]
    public void A_caller_that_talks_much_pushes_out_its_own_conversations_alone()
    {
        var sessions = new ChatSessions();
        sessions.Add("alice", "hello", "hers");
        for (var i = 0; i <= MostOfAll; i++)
            sessions.Add("mallory", $"hello {i}", "other");

        Assert.Equal("hers", sessions.Find("alice", "hello"));
        Assert.Null(sessions.Find("mallory", "hello 0"));
        Assert.Null(sessions.Find("mallory", "hello"));
    }

    [Fact]
    public void Callers_that_have_too_much_together_lose_what_the_one_with_most_has_kept_longest()
    {
        var kept = new KeptOfCallers<int, string>();
        kept.Keep("alice", 1, "hers");
        for (var i = 0; i < MostOfAll; i++)
            kept.Keep($"caller {i / MostOfCaller}", i, "other");

        Assert.Equal("hers", kept.Find("alice", 1));
        Assert.Null(kept.Find("caller 0", 0));
        Assert.Equal("other", kept.Find("caller 0", 1));
    }

    [Fact]
    public void What_is_kept_again_is_the_youngest()
    {
        var kept = new KeptOfCallers<int, string>();
        for (var i = 0; i < MostOfCaller; i++)
            kept.Keep("alice", i, "old");
        kept.Keep("alice", 0, "new");
        kept.Keep("alice", MostOfCaller, "new");

        Assert.Equal("new", kept.Find("alice", 0));
        Assert.Null(kept.Find("alice", 1));
        Assert.Equal("old", kept.Find("alice", 2));
    }

    [Fact]
    public void A_caller_without_a_name_may_be_anybody_and_has_no_limit_of_its_own()
    {
        var kept = new KeptOfCallers<int, string>();
        for (var i = 0; i <= MostOfAll; i++)
            kept.Keep("", i, "any");

        Assert.Null(kept.Find("", 0));
        Assert.Equal("any", kept.Find("", 1));
    }
}
