using Microsoft.SemanticKernel;
using Rewas.Agent.Models;
using Rewas.Agent.Sessions;
using Rewas.Agent.Tools;

namespace Rewas.Agent.Chat;

/// <summary>
/// Makes the kernel of one turn: the functions over its session, and the filter that turns expected failures into answers.
/// </summary>
static class KernelSetup
{
    public static Kernel Create(SoundTools tools, Action<AgentEvent> emit)
    {
        var kernel = new Kernel();
        kernel.Plugins.AddFromObject(tools, LanguageModel.Plugin);
        kernel.FunctionInvocationFilters.Add(new RefusalFilter(emit));
        return kernel;
    }
}
