using System.Reflection;
using System.Reflection.Emit;

namespace Rewas.Tests.Rooms;

/// <summary>
/// Which folders of a project use which. It is read from the compiled project, where a folder is a namespace. Constants leave no trace
/// there, so a folder may take a constant from any other one.
/// </summary>
sealed class FolderGraph
{
    const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>For each pair of folders one use as an example: "Type uses Type".</summary>
    readonly SortedDictionary<(string From, string To), string> edges = [];

    FolderGraph(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
            foreach (var used in UsedBy(type).SelectMany(Parts))
                Add(type, used);
    }

    public static FolderGraph Of(Assembly assembly) => new(assembly);

    /// <summary>Folders from which a way leads back to themselves.</summary>
    public IReadOnlyList<string> InCycles =>
        [.. edges.Keys.Select(edge => edge.From).Distinct().Where(folder => Reach(folder).Contains(folder))];

    /// <summary>The edges between the folders that lie in cycles, one a line.</summary>
    public string Text =>
        string.Join('\n', edges.Where(edge => InCycles.Contains(edge.Key.From) && Reach(edge.Key.To).Contains(edge.Key.From))
        .Select(edge => $"{edge.Key.From} -> {edge.Key.To}   ({edge.Value})"));

    void Add(Type type, Type used)
    {
        // The compiler's own types have no folder; nor has the class that top-level statements make.
        var (from, to) = (Outermost(type), Outermost(used));
        if (used.Assembly == type.Assembly
            && from.Namespace != to.Namespace
            && from.Namespace?.StartsWith("Rewas.", StringComparison.Ordinal) == true
            && to.Namespace is not null)
            edges.TryAdd((from.Namespace, to.Namespace), $"{from.Name} uses {to.Name}");
    }

    HashSet<string> Reach(string folder)
    {
        var (reached, open) = (new HashSet<string>(), new Stack<string>([folder]));
        while (open.TryPop(out var next))
            foreach (var edge in edges.Keys.Where(edge => edge.From == next && reached.Add(edge.To)))
                open.Push(edge.To);
        return reached;
    }

    static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    static IEnumerable<Type> UsedBy(Type type) =>
    [
        .. type.BaseType is { } parent ? [parent] : (Type[])[],
        .. type.GetInterfaces(),
        .. type.GetCustomAttributesData().Select(attribute => attribute.AttributeType),
        .. type.GetFields(All).Select(field => field.FieldType),
        .. type.GetProperties(All).Select(property => property.PropertyType),
        .. type.GetMethods(All).SelectMany(UsedBy),
        .. type.GetConstructors(All).SelectMany(UsedBy),
    ];

    static IEnumerable<Type> UsedBy(MethodBase method)
    {
        var used = method.GetParameters().Select(parameter => parameter.ParameterType).ToList();
        if (method is MethodInfo { ReturnType: var answer })
            used.Add(answer);
        if (method.GetMethodBody() is not { } body)
            return used;
        used.AddRange(body.LocalVariables.Select(local => local.LocalType));
        used.AddRange(
            body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
                .Select(clause => clause.CatchType!));
        foreach (var member in Tokens(body.GetILAsByteArray()!).Select(token => Resolve(method, token)))
            used.AddRange(member switch
            {
                Type type => [type],
                MethodBase { DeclaringType: { } owner } called => [owner, .. called.IsGenericMethod ? called.GetGenericArguments() : []],
                FieldInfo { DeclaringType: { } owner } => [owner],
                _ => (Type[])[],
            });
        return used;
    }

    static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token,
        method.DeclaringType is { IsGenericType: true } owner ? owner.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    /// <summary>The types, methods and fields that instructions name.</summary>
    static IEnumerable<int> Tokens(byte[] instructions)
    {
        for (var at = 0; at < instructions.Length;)
        {
            // Opcodes of two bytes begin with 0xFE (ECMA-335, partition III, 1.2.1).
            var code = OpCodesByValue[instructions[at] == 0xFE ? unchecked((short)(0xFE00 | instructions[at + 1])) : instructions[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BitConverter.ToInt32(instructions, at);
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(instructions, at),
                _ => 4,
            };
        }
    }

    /// <summary>A type with all that it is made of: elements of arrays, arguments of generics.</summary>
    static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsConstructedGenericType: true } => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)],
        { IsGenericParameter: true } =>
            type.GetGenericParameterConstraints().Where(constraint => !constraint.IsConstructedGenericType).SelectMany(Parts),
        _ => [type],
    };
}
